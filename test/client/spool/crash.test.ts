import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { takeCount } from './opened.ts';
import { StateFolder } from './state-folder.ts';

const program = fileURLToPath(new URL('writing-child.ts', import.meta.url));

interface Run {
  /** Readings that the child says are in its spool. */
  readonly added: number;
  /** Labels of those that it may have let go of. */
  readonly released: readonly string[];
  readonly logged: readonly string[];
}

/** A child that fills the spool and is killed at the line `linesMax`, wherever it is by then. */
async function run(stateDir: string, epoch: string, linesMax: number): Promise<Run> {
  const child = spawn(process.execPath, [program, stateDir, epoch], { stdio: ['ignore', 'pipe', 'inherit'] });
  const released: string[] = [];
  const logged: string[] = [];
  let added = 0;
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'added') added = Number(rest[0]);
    if (word === 'released') released.push(rest.join(' '));
    if (word === 'log') logged.push(line);
    lines += 1;
    if (lines === linesMax) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return { added, released, logged };
}

test(
  'a client that is killed while it writes has lost nothing that was in its spool, and leaves no lock',
  { timeout: 60_000 },
  async () => {
    await using state = await StateFolder.make();
    const expected = new Set<string>();
    const released = new Set<string>();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const epoch = `0000000${attempt}`;
      const outcome = await run(state.path, epoch, 40 * attempt ** 2);
      expect(outcome.logged.filter((line) => !line.includes('spool-damaged'))).toEqual([]);
      for (let seq = 1; seq <= outcome.added; seq += 1) expected.add(`${epoch} ${seq}`);
      for (const label of outcome.released) released.add(label);
    }
    const { spool, close } = await state.open();
    const found = new Set((await takeCount(spool, spool.size)).map(({ epoch, seq }) => `${epoch} ${seq}`));
    expect([...expected].filter((label) => !found.has(label) && !released.has(label))).toEqual([]);
    expect(expected.size).toBeGreaterThan(500);
    // What was let go of before the last round was written does not come back.
    expect([...released].filter((label) => found.has(label)).length).toBeLessThanOrEqual(2 * 5);
    await close();
  },
);
