import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** So many units, each with one frame in flight. */
const connections = 1_000;
const answerMsMax = 120_000;

/** Units on a server, in a process of their own. */
export interface Load {
  /** Sends frames until so many have been answered; resolves with the milliseconds that it took. */
  answer(frames: number): Promise<number>;
  end(): void;
}

/** Resolves when all units have registered. */
export async function startLoad(port: number): Promise<Load> {
  const program = fork(fileURLToPath(new URL('load-program.ts', import.meta.url)), [String(port), String(connections)]);
  await said(program);
  return {
    answer: async (frames) => {
      program.send({ frames });
      return (await said(program)).elapsedMs ?? Number.NaN;
    },
    end: () => void program.kill('SIGKILL'),
  };
}

async function said(program: ChildProcess): Promise<{ readonly elapsedMs?: number }> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(answerMsMax)]);
  const ended = once(program, 'exit', { signal }).then(() => {
    throw new Error('the load ended early');
  });
  try {
    const answer: unknown[] = await Promise.race([once(program, 'message', { signal }), ended]);
    return answer[0] as { readonly elapsedMs?: number };
  } finally {
    ended.catch(() => undefined);
    over.abort();
  }
}
