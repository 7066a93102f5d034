import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ReadersPlan {
  readonly httpPort: number;
  readonly readers: number;
}

/** Readers of the fleet's stream, in a process of their own. Leaving the block of `using` ends it. */
export interface StreamReaders extends Disposable {
  /** Bytes that each of them has been told so far. */
  told(): Promise<readonly number[]>;
}

const replyMsMax = 30_000;

/** Resolves when each reader has been told the beginning of the fleet. */
export async function startStreamReaders(plan: ReadersPlan): Promise<StreamReaders> {
  const program = fork(fileURLToPath(new URL('stream-reader-program.ts', import.meta.url)), [JSON.stringify(plan)], {
    serialization: 'advanced',
  });
  const reply = async (): Promise<readonly number[]> => {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(replyMsMax)]);
    const ended = once(program, 'exit', { signal }).then(() => {
      throw new Error('the readers ended early');
    });
    try {
      const answer: unknown[] = await Promise.race([once(program, 'message', { signal }), ended]);
      return answer[0] as readonly number[];
    } finally {
      ended.catch(() => undefined);
      over.abort();
    }
  };
  await reply();
  return {
    told: () => {
      program.send('told');
      return reply();
    },
    [Symbol.dispose]: () => void program.kill('SIGKILL'),
  };
}
