import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../src/core/clock.ts';
import type { FileSystem, Statfs } from '../../src/sensors/linux/host.ts';
import type { SensorOptions } from '../../src/sensors/list.ts';

/** The recorded machines, each a folder of test/fixtures with `proc`, `sys` and the answers of statfs. */
export const machines = [
  'intel-desktop',
  'amd-desktop',
  'two-socket-server',
  'raspberry-pi',
  'acpi-laptop',
  'virtual-machine',
  'broken',
] as const;

export function fixtureRoot(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A clock whose waits take no time, except those for calls that hang, which never end. */
export const impatientClock: Pick<Clock, 'monotonicMs' | 'after'> = {
  monotonicMs: () => 0,
  after: (delayMs, task) => {
    const timer = delayMs < 1_000 ? setImmediate(task) : undefined;
    return () => {
      clearImmediate(timer);
    };
  },
};

/** Options under which the sensors see the recorded machine. */
export async function fixtureOptions(name: string): Promise<SensorOptions> {
  const root = fixtureRoot(name);
  const answers: unknown = JSON.parse(await readFile(`${root}/statfs.json`, 'utf8'));
  return { source: 'linux', platform: 'linux', root, clock: impatientClock, statfs: statfsFrom(answers, root) };
}

function statfsFrom(answers: unknown, root: string): Statfs {
  const byPoint = new Map(Object.entries(Object(answers)));
  return (path, callback) => {
    const point = `/${relative(root, path)}`;
    const answer = byPoint.get(point);
    const error = answer === undefined ? new Error(`EIO: i/o error, statfs '${point}'`) : null;
    setImmediate(callback, error, numbersOf(answer));
  };
}

function numbersOf(answer: unknown): FileSystem {
  const numbers = new Map(Object.entries(Object(answer)).map(([name, value]) => [name, Number(value)]));
  const number = (name: string): number => numbers.get(name) ?? Number.NaN;
  return {
    bsize: number('bsize'),
    frsize: number('frsize'),
    blocks: number('blocks'),
    bfree: number('bfree'),
    bavail: number('bavail'),
  };
}
