import { expect, test } from 'vitest';
import type { Level } from '../../src/core/log.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { LogOutput } from '../../src/sinks/log-output.ts';
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
  return { writes, log: createReadingLog({ level, output }) };
}

const reading: UnitReading = {
  clientId: 'c',
  unit: 'u',
  reading: { sensor: 'cpu_temp', time: 1, epoch: undefined, seq: undefined, values: { celsius: 50 } },
};

test('a batch is one write with a line for each reading', () => {
  const { writes, log } = setUp('info');
  log.write({ timeMs: 0, readings: [reading, reading, reading] });
  expect(writes).toHaveLength(1);
  expect(writes[0]?.count).toBe(3);
  expect(writes[0]?.text.trimEnd().split('\n')).toHaveLength(3);
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
  expect([none.writes.length, quiet.writes.length, closed.writes.length]).toEqual([0, 0, 1]);
});
