import { describe, expect, test } from 'vitest';
import { concerns, gapNote } from '../../src/app/ctl/gap-notes.ts';
import { localTimes } from '../../src/app/ctl/local-times.ts';
import { stepText, usualStepMs } from '../../src/app/ctl/step-choice.ts';
import { stepTable, type StepTableOptions } from '../../src/app/ctl/step-table.ts';
import { scaleOf } from '../../src/app/ctl/value-scale.ts';

const startMs = Date.UTC(2026, 10, 21, 10);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const range = { fromMs: startMs, toMs: startMs + hour, stepMs: minute, timeZone: 'Europe/Berlin' };

test.for([
  [minute, '1s'],
  [5 * minute, '5s'],
  [10 * minute, '10s'],
  [hour, '1m'],
  [2 * hour, '1m'],
  [6 * hour, '5m'],
  [day, '30m'],
  [7 * day, '2h'],
  [30 * day, '12h'],
  [365 * day, '7d'],
  [36_525 * day, '7d'],
  [1, '1s'],
] as const)('of a range of %d ms the usual step is %s', ([rangeMs, text]) => {
  expect(stepText(usualStepMs(rangeMs, 1))).toBe(text);
});

test.for([
  [2 * hour, 10_000, '1m'],
  [2 * hour, 40_000, '1m'],
  [2 * hour, 41_000, '5m'],
  [5 * minute, 10_000, '30s'],
  [5 * minute, 3_000, '5s'],
  [5 * minute, 86_400_000, '30s'],
  [30 * day, 86_400_000, '1d'],
] as const)(
  'of a range of %d ms the usual step of a unit with an interval of %d ms is %s',
  ([rangeMs, intervalMs, text]) => {
    expect(stepText(usualStepMs(rangeMs, intervalMs))).toBe(text);
  },
);

test('the length of any step is told as --step takes it', () => {
  expect([90_000, 120_000, 1_001, 3 * hour, 14 * day, 7 * day].map(stepText)).toEqual([
    '90s',
    '2m',
    '1.001s',
    '3h',
    '14d',
    '7d',
  ]);
});

describe('local times', () => {
  test('are those of the zone, without the date where the range is within one of its days', () => {
    const { zone, step, exact, dated } = localTimes(range);
    expect([zone, step(startMs), exact(startMs + 1_000), dated(startMs)]).toEqual([
      'Europe/Berlin',
      '11:00',
      '11:00:01',
      '2026-11-21 11:00:00',
    ]);
    // A gap that began the day before.
    expect(exact(startMs - day)).toBe('2026-11-20 11:00:00');
  });

  test('have the date where it changes, by the zone and not by UTC', () => {
    const midnight = Date.UTC(2026, 10, 21, 23);
    const { step } = localTimes({ ...range, fromMs: midnight - minute, toMs: midnight + minute });
    expect([step(midnight - minute), step(midnight)]).toEqual(['2026-11-21 23:59', '2026-11-22 00:00']);
    const within = localTimes({ ...range, fromMs: midnight - minute, toMs: midnight });
    expect(within.step(midnight - minute)).toBe('23:59');
  });

  test('have seconds where steps are not whole minutes', () => {
    expect(localTimes({ ...range, stepMs: 5_000 }).step(startMs)).toBe('11:00:00');
    expect(localTimes({ ...range, stepMs: 90_000 }).step(startMs + 90_000)).toBe('11:01:30');
  });

  test('go to the end of all dates, and are the number beyond', () => {
    const { dated } = localTimes({ ...range, timeZone: 'UTC' });
    expect([dated(8.64e15), dated(9e15)]).toEqual(['275760-09-13 00:00:00', '9000000000000000']);
  });
});

describe('a scale', () => {
  test.for([
    ['cpu_temp', 'celsius', 41, 71.25, ['°C', '41.0', '71.3']],
    ['cpu', 'utilisation', 0.0151, 0.5, ['%', '1.5', '50.0']],
    ['disk', 'used_ratio', 0.25, 0.25, ['%', '25.0', '25.0']],
    ['disk', 'used', 51_234_567_890, 51_234_567_890, ['GiB', '47.72', '47.72']],
    ['ram', 'used', 100, 6_123_456_789, ['GiB', '0.00', '5.70']],
    ['ram', 'swap_used', 0, 0, ['B', '0', '0']],
    ['ram', 'used', 0, 1_023, ['B', '0', '1023']],
    ['ram', 'used', 0, 1_024, ['KiB', '0.00', '1.00']],
    ['net', 'received_bytes', 0, 2 ** 60, ['EiB', '0.00', '1.00']],
    ['disk', 'total', 0, 2 ** 80, ['EiB', '0', '1048576']],
    ['cpu', 'cores', 8, 8, ['', '8', '8']],
    ['cpu', 'load1', 0.26, 1.5, ['', '0.26', '1.50']],
    ['test', 'value', -0.0001, 1_500, ['', '0', '1500']],
    ['test', 'value', 100.001, 100.002, ['', '100.0010', '100.0020']],
    ['test', 'value', 1e-12, 3e-12, ['', '1.000e-12', '3.000e-12']],
    ['test', 'value', -1.7e308, 1.7e308, ['', '-1.700e+308', '1.700e+308']],
  ] as const)('of %s %s from %d to %d is %j', ([sensor, name, min, max, [unit, least, most]]) => {
    const scale = scaleOf(sensor, name, { min, max });
    expect([scale.unit, scale.show(min), scale.show(max)]).toEqual([unit, least, most]);
  });
});

describe('a table of steps', () => {
  const times = localTimes({ ...range, timeZone: 'UTC' });
  const celsius = { unit: '°C', show: (value: number) => value.toFixed(1) };
  const plain = { unit: '', show: String };
  const value = (avg: number): { min: number; avg: number; max: number; count: number } => ({
    min: avg - 1,
    avg,
    max: avg + 1,
    count: 3,
  });
  const options: StepTableOptions = {
    times,
    stepMs: minute,
    scales: new Map([['celsius', celsius]]),
    notes: [],
    columns: 80,
  };
  const at = (minutes: number, values: Record<string, number>, stepMs = minute) => ({
    sensor: 's',
    id: undefined,
    timeMs: startMs + minutes * minute,
    stepMs,
    values: new Map(Object.entries(values).map(([name, avg]) => [name, value(avg)])),
  });

  test('has the least, the mean and the most of each step, and the notes in their place', () => {
    const steps = [at(0, { celsius: 50 }), at(1, { celsius: 9.5 }), at(20, { celsius: 101 })];
    const notes = [
      { fromMs: startMs - 1, text: '-- before' },
      { fromMs: startMs + minute, text: '-- begins with the second' },
      { fromMs: startMs + 20 * minute - 1, text: '-- just before the third' },
      { fromMs: startMs + hour, text: '-- after' },
    ];
    expect(stepTable({ steps }, { ...options, notes })).toBe(
      [
        'TIME   celsius °C min    avg    max',
        '-- before',
        '10:00            49.0   50.0   51.0',
        '10:01             8.5    9.5   10.5',
        '-- begins with the second',
        '-- just before the third',
        '10:20           100.0  101.0  102.0',
        '-- after',
        '',
      ].join('\n'),
    );
  });

  test('says where a step is longer, and where a value is missing', () => {
    const scales = new Map([
      ['a', plain],
      ['b', plain],
    ]);
    expect(stepTable({ steps: [at(0, { a: 1 }, 2 * hour), at(1, { b: 22 })] }, { ...options, scales })).toBe(
      [
        'TIME        a min  avg  max  b min  avg  max',
        '10:00 (2h)      0    1    2      -    -    -',
        '10:01           -    -    -     21   22   23',
        '',
      ].join('\n'),
    );
  });

  test('puts what does not fit the line below, with the times and the notes again', () => {
    const scales = new Map([
      ['a', plain],
      ['b', plain],
      ['c', plain],
    ]);
    const notes = [{ fromMs: startMs, text: '-- gap' }];
    const steps = [at(0, { a: 1, b: 2, c: 3 }), at(9, { a: 1, b: 2, c: 3 })];
    const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
    const below = text('TIME   c min  avg  max', '10:00      2    3    4', '-- gap', '10:09      2    3    4');
    const above = text(
      'TIME   a min  avg  max  b min  avg  max',
      '10:00      0    1    2      1    2    3',
      '-- gap',
      '10:09      0    1    2      1    2    3',
    );
    expect(stepTable({ steps }, { ...options, scales, notes, columns: 39 })).toBe(`${above}\n${below}`);
    const narrow = stepTable({ steps }, { ...options, scales, notes, columns: 38 });
    expect(narrow.split('\n\n')).toHaveLength(3);
    expect(stepTable({ steps }, { ...options, scales, notes, columns: 1 })).toBe(narrow);
  });
});

describe('a note of a gap', () => {
  const times = localTimes({ ...range, timeZone: 'UTC' });
  const ends = { from: '2026-11-21T10:10:00.000Z', to: '2026-11-21T10:20:30.000Z' };

  test.for([
    ['host-off', 'off, asleep, its client not running, or what it held lost with it'],
    ['link-down', 'not connected; its readings came later'],
    ['left', 'it had said goodbye'],
    ['lost', 'the connection ended without a goodbye, and the unit was not back'],
    ['sensor-gone', 'the other readings went on, those of this sensor did not'],
    ['spool-dropped', 'its client had no room for 7 readings, or could not read them back'],
  ] as const)('of %s says why', ([reason, words]) => {
    expect(gapNote({ reason, ...ends, count: 7 }, times)).toBe(`-- ${reason}, 10:10:00 to 10:20:30: ${words}`);
  });

  test('that lasts says since when, and of a reason of a later server its name alone', () => {
    expect(gapNote({ reason: 'solar\u001B[2J', ...ends, to: null }, times)).toBe('-- "solar\\u001b[2J" since 10:10:00');
  });

  test('stands with the series that it tells of', () => {
    const gap = { reason: 'sensor-gone', ...ends };
    const disk = { sensor: 'disk', id: '/' };
    expect(concerns(gap, disk)).toBe(true);
    expect(concerns({ ...gap, sensor: 'disk', id: '/' }, disk)).toBe(true);
    expect(concerns({ ...gap, sensor: 'disk', id: '/var' }, disk)).toBe(false);
    expect(concerns({ ...gap, sensor: 'disk' }, disk)).toBe(false);
    expect(concerns({ ...gap, sensor: 'ram' }, { sensor: 'ram', id: undefined })).toBe(true);
  });
});
