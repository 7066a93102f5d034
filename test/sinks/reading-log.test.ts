import { expect, test } from 'vitest';
import type { Level } from '../../src/core/log.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { LogOutput } from '../../src/sinks/log-output.ts';
import { createManualClock } from '../manual-clock.ts';
import { createReadingLog } from '../../src/sinks/reading-log.ts';

function setUp(level: Level) {
  const writes: { readonly count: number; readonly text: string }[] = [];
  const output: LogOutput = {
    name: 'kept',
    format: { style: 'json' },
    writeEvent: () => undefined,
    writeReadings: (count, render) => void writes.push({ count, text: render({ style: 'json' }) }),
    close: () => Promise.resolve(),
  };
  const clock = createManualClock();
  return { writes, clock, log: createReadingLog({ level: () => level, output, clock }) };
}

const reading: UnitReading = {
  clientId: 'c',
  unit: 'u',
  reading: { sensor: 'cpu_temp', time: 1, epoch: undefined, seq: undefined, values: { celsius: 50 } },
};

test('batches of one moment are one write with a line for each reading, under the time of its batch', () => {
  const { writes, clock, log } = setUp('info');
  log.write({ timeMs: 0, readings: [reading, reading] });
  clock.advance(45);
  log.write({ timeMs: 15, readings: [reading] });
  expect(writes).toEqual([]);
  clock.advance(5);
  expect(writes.map(({ count }) => count)).toEqual([3]);
  const lines = writes[0]?.text.trimEnd().split('\n') ?? [];
  expect(lines.map((line) => line.slice(9, 33))).toEqual([0, 0, 15].map((ms) => new Date(ms).toISOString()));
  clock.advance(1_000);
  expect(writes).toHaveLength(1);
});

test('what was gathered is written at once when another line is to follow it, when it is much, and at the end', () => {
  const { writes, clock, log } = setUp('info');
  log.write({ timeMs: 0, readings: [reading] });
  log.flush();
  log.write({ timeMs: 0, readings: Array.from({ length: 256 }, () => reading) });
  log.write({ timeMs: 0, readings: [reading, reading] });
  log.close();
  clock.advance(1_000);
  expect(writes.map(({ count }) => count)).toEqual([1, 256, 2]);
});

test('a batch without readings, a level below info, and a closed log write nothing', () => {
  const none = setUp('info');
  none.log.write({ timeMs: 0, readings: [] });
  const quiet = setUp('warn');
  quiet.log.write({ timeMs: 0, readings: [reading] });
  const closed = setUp('debug');
  closed.log.write({ timeMs: 0, readings: [reading] });
  closed.log.close();
  closed.log.write({ timeMs: 0, readings: [reading] });
  for (const { clock } of [none, quiet, closed]) clock.advance(1_000);
  expect([none.writes.length, quiet.writes.length, closed.writes.length]).toEqual([0, 0, 1]);
});
