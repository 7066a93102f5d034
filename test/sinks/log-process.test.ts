import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Answer {
  readonly held: number;
  readonly complaints: readonly string[];
}

/** Starts talkative.ts with a pipe for standard output that nobody reads yet. */
function start(): { readonly child: ChildProcess; readonly stdout: Readable } & AsyncDisposable {
  const child = fork(fileURLToPath(new URL('talkative.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('standard output is a pipe');
  return {
    child,
    stdout,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function order(child: ChildProcess, batches: number): Promise<Answer> {
  const answered = once(child, 'message');
  child.send({ batches });
  const [answer]: Answer[] = await answered;
  if (answer === undefined) throw new Error('an answer is an object');
  return answer;
}

interface Line {
  readonly event: string;
  readonly seq: number;
  readonly count: number;
}

test('a pipe whose reader is stuck costs bounded memory, and what was dropped is said when it reads again', async () => {
  await using program = start();
  const { child, stdout } = program;
  const linesWritten = 1_000 * 100;
  const { held } = await order(child, 1_000);
  const batchBytes = 100 * 250;
  expect(held).toBeGreaterThan(1024 * 1024);
  expect(held).toBeLessThanOrEqual(4 * 1024 * 1024 + batchBytes);
  expect((await order(child, 1_000)).held).toBeLessThanOrEqual(held + 1_000);

  const exited = once(child, 'exit');
  child.send({ end: true });
  const output = await text(stdout);
  expect(await exited).toEqual([0, null]);

  const lines = output
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  const readings = lines.filter(({ event }) => event === 'reading');
  const dropped = lines.filter(({ event }) => event === 'log-dropped');
  expect(lines.filter(({ event }) => event === 'registered')).toHaveLength(2);
  expect(dropped).toHaveLength(1);
  expect(readings.length + (dropped[0]?.count ?? 0)).toBe(2 * linesWritten);
  expect(readings.map(({ seq }) => seq)).toEqual(readings.map((_, index) => index + 1));
});

test('a reader that has gone does not end the program, and is said once', async () => {
  await using program = start();
  const { child, stdout } = program;
  await order(child, 1);
  stdout.destroy();
  await once(stdout, 'close');
  await order(child, 100);
  expect((await order(child, 100)).complaints).toEqual([
    'log to stdout: its reader has gone; nothing more is written there',
  ]);
  const exited = once(child, 'exit');
  child.send({ end: true });
  expect(await exited).toEqual([0, null]);
});
