import { expect, test } from 'vitest';
import { readFleetCommandLine, type FleetCommandLine } from '../../src/fleet/command-line.ts';

function read(...argv: readonly string[]): FleetCommandLine {
  return readFleetCommandLine({ argv, version: '1.2.3', processors: 8, drawSeed: () => 99 });
}

test('a server is enough', () => {
  expect(read('--server', 'localhost')).toEqual({
    type: 'run',
    options: {
      host: 'localhost',
      port: 34_567,
      clients: 100,
      threads: 4,
      readingsPerSecond: undefined,
      loss: 0,
      seed: 99,
      name: 'fleet',
      warmUpMs: 0,
    },
    durationMs: undefined,
    json: false,
    ledgerFile: undefined,
  });
});

test('every flag says what it says', () => {
  const argv =
    '--server [::1]:9 --clients 5000 --rate 2500.5 --loss 0.1% --seed 7 --duration 1.5 --threads 3 --warm-up 2 --name bench --ledger out --json';
  expect(read(...argv.split(' '))).toEqual({
    type: 'run',
    options: {
      host: '::1',
      port: 9,
      clients: 5_000,
      threads: 3,
      readingsPerSecond: 2_500.5,
      loss: 0.001,
      seed: 7,
      name: 'bench',
      warmUpMs: 2_000,
    },
    durationMs: 1_500,
    json: true,
    ledgerFile: 'out',
  });
});

test('there are never more threads than units, and a closed loop can be asked for', () => {
  expect(read('--server', 'a', '--clients', '2', '--rate', 'closed')).toMatchObject({
    options: { threads: 2, readingsPerSecond: undefined },
  });
});

test.each([
  [[], '--server HOST:PORT is missing'],
  [['--server', 'a:0'], '--server is "a:0"'],
  [['--server', 'a', '--clients', '0'], '--clients is "0"; it is a whole number from 1 to 60000'],
  [['--server', 'a', '--clients', '1.5'], '--clients'],
  [['--server', 'a', '--rate', 'fast'], '--rate is "fast"; it is a number from 0.001 to 1000000, or "closed"'],
  [['--server', 'a', '--loss', '60%'], '--loss is "60%"; it is a share from 0 to 0.5'],
  [['--server', 'a', '--seed', '-1'], '--seed'],
  [['--server', 'a', '--duration', '0'], '--duration'],
  [['--server', 'a', '--name', 'a b'], '--name is "a b"'],
  [['--server', 'a', '--clint', '3'], "Unknown option '--clint'"],
  [['--server', 'a', 'more'], 'more'],
])('%j is refused with what would be right, and exit code 2', (argv, words) => {
  expect(() => read(...argv)).toThrow(
    expect.objectContaining({ code: 'bad-usage', exitCode: 2, message: expect.stringContaining(words) }),
  );
});

test('--help and --version print, whatever else is there', () => {
  expect(read('--help', '--clients', 'x')).toMatchObject({
    type: 'print',
    text: expect.stringContaining('--loss SHARE'),
  });
  expect(read('--version')).toEqual({ type: 'print', text: '1.2.3\n' });
});
