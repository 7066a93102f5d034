import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkRowsMax, chunksOfReadings } from '../../../../src/store/sqlite/chunks/packed-chunk.ts';
import { coarser, rolledUp } from '../../../../src/store/sqlite/chunks/roll-up.ts';
import type { ReadingRows, StepRows } from '../../../../src/store/sqlite/chunks/rows.ts';
import { decodeSteps } from '../../../../src/store/sqlite/chunks/step-chunk.ts';

const minuteMs = 60_000;

function plain({ times, counts, minima, maxima, sums }: StepRows): unknown {
  const values = [...minima, ...maxima, ...sums].map((column) => Array.from(column));
  return { times: Array.from(times), counts: Array.from(counts), values };
}

function columns(...lists: readonly (readonly number[])[]): Float64Array[] {
  return lists.map((list) => Float64Array.from(list));
}

test('a step has the count, the least, the greatest and the decimal sum of its readings', () => {
  const rows = rolledUp(
    {
      times: Float64Array.of(0, 10_000, 59_999, 60_000, 180_000),
      values: columns([0.1, 0.2, 0.3, -5, 7.25], [1 / 3, 1 / 3, 1 / 3, 1, 1]),
    },
    minuteMs,
  );
  expect(plain(rows)).toEqual({
    times: [0, 60_000, 180_000],
    counts: [3, 1, 1],
    values: [
      [0.1, -5, 7.25],
      [1 / 3, 1, 1],
      [0.3, -5, 7.25],
      [1 / 3, 1, 1],
      [0.6, -5, 7.25],
      [1, 1, 1],
    ],
  });
});

test('steps before 1970 begin at or before their readings', () => {
  const times = Float64Array.of(-120_001, -120_000, -60_001, -60_000, -1, 0, 1);
  const { times: steps, counts } = rolledUp({ times, values: [] }, minuteMs);
  expect([[...steps], [...counts]]).toEqual([
    [-180_000, -120_000, -60_000, 0],
    [1, 2, 2, 2],
  ]);
});

test('of no readings there is no step', () => {
  const none = { times: [], counts: [], values: [[], [], []] };
  expect(plain(rolledUp({ times: new Float64Array(), values: columns([]) }, minuteMs))).toEqual(none);
});

test('longer steps join shorter ones, also where rows of one step are not joined yet', () => {
  const finer = {
    times: Float64Array.of(-minuteMs, 0, 0, minuteMs, 10 * minuteMs),
    counts: Float64Array.of(1, 2, 3, 4, 5),
    minima: columns([5, 4, -3, 2, 1]),
    maxima: columns([5, 6, 7, 70, 9]),
    sums: columns([5, 10.1, 0.2, 40, 45]),
  };
  expect(plain(coarser(finer, minuteMs))).toEqual({
    times: [-minuteMs, 0, minuteMs, 10 * minuteMs],
    counts: [1, 5, 4, 5],
    values: [
      [5, -3, 2, 1],
      [5, 7, 70, 9],
      [5, 10.3, 40, 45],
    ],
  });
  expect(plain(coarser(finer, 10 * minuteMs))).toEqual({
    times: [-10 * minuteMs, 0, 10 * minuteMs],
    counts: [1, 9, 5],
    values: [
      [5, -3, 1],
      [5, 70, 9],
      [5, 50.3, 45],
    ],
  });
});

test('a sum that is too large for decimals is the sum of the doubles', () => {
  const rows = rolledUp({ times: Float64Array.of(0, 1), values: columns([1e300, 2e300], [2 ** 53, 2]) }, minuteMs);
  expect(rows.sums.map((column) => Array.from(column))).toEqual([[3e300], [2 ** 53 + 2]]);
});

/** Readings of one value in order of time. */
function readingRows(times: readonly number[], values: readonly number[]): ReadingRows {
  return {
    times: Float64Array.from(times).toSorted(),
    seqs: Float64Array.from(times, (_, index) => index + 1),
    labelOf: new Uint16Array(times.length),
    labels: [['u', 'aaaaaaaa', null]],
    values: [Float64Array.from(values)],
  };
}

test('the chunks of readings are full but for the last, and their roll-ups are those of all of them together', () => {
  const count = 2 * chunkRowsMax + 1;
  const times = Array.from({ length: count }, (_, index) => index * 10_000 - 5_000_000);
  const chunks = chunksOfReadings(
    readingRows(
      times,
      times.map((_, index) => index / 10),
    ),
  );
  expect(chunks.map(({ tier, rows, fromMs, toMs }) => [tier, rows, fromMs, toMs])).toEqual([
    [0, 2_048, -5_000_000, 15_470_000],
    [0, 2_048, 15_480_000, 35_950_000],
    [0, 1, 35_960_000, 35_960_000],
    [1, 684, -5_040_000, 35_940_000],
    [2, 69, -5_400_000, 35_400_000],
    [3, 6, -7_200_000, 28_800_000],
  ]);
  // A step that spans two chunks of readings is one.
  const minutes = decodeSteps(chunks[3]?.data ?? new Uint8Array(), 1);
  const step = minutes?.times.indexOf(15_480_000 - (15_480_000 % minuteMs)) ?? -1;
  expect([minutes?.counts[step], minutes?.minima[0]?.[step], minutes?.maxima[0]?.[step]]).toEqual([6, 204.8, 205.3]);
});

test('a chunk of readings says of each value the least, the greatest and the sum', () => {
  const rows = { ...readingRows([1, 2, 3], []), values: columns([0.1, -0.2, 0.4], [1e300, 5, 1e300]) };
  const [chunk] = chunksOfReadings(rows);
  expect([...new Float64Array(chunk?.summary.buffer ?? raise())]).toEqual([-0.2, 0.4, 0.3, 5, 1e300, 2e300]);
});

test('whatever the readings, each roll-up counts every reading once, in its step', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -1e8, max: 1e8 }), fc.integer({ min: -1e4, max: 1e4 })), { minLength: 1 }),
      (drawn) => {
        const sorted = drawn.toSorted(([one], [other]) => one - other);
        const rows = readingRows(
          sorted.map(([time]) => time),
          sorted.map(([, value]) => value / 100),
        );
        for (const { tier, data } of chunksOfReadings(rows)) {
          const stepMs = [1, minuteMs, 10 * minuteMs, 120 * minuteMs][tier] ?? 0;
          if (tier === 0) continue;
          const expected = new Map<number, number[]>();
          for (const [time, value] of sorted) {
            const step = Math.floor(time / stepMs) * stepMs;
            expected.set(step, [...(expected.get(step) ?? []), value]);
          }
          const { times, counts, minima, maxima, sums } = decodeSteps(data, 1) ?? raise();
          expect([...times]).toEqual([...expected.keys()]);
          for (const [index, values] of [...expected.values()].entries()) {
            const sum = values.reduce((total, value) => total + value, 0) / 100;
            expect([counts[index], minima[0]?.[index], maxima[0]?.[index], sums[0]?.[index]]).toEqual([
              values.length,
              Math.min(...values) / 100,
              Math.max(...values) / 100,
              sum,
            ]);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

function raise(): never {
  throw new Error('a chunk is none');
}
