import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePlaces } from '../../../../src/store/order.ts';
import { inOrder } from '../../../../src/store/sqlite/chunks/reading-order.ts';
import type { Label, ReadingRows } from '../../../../src/store/sqlite/chunks/rows.ts';

const labels: readonly Label[] = [
  ['u', 'bbbbbbbb', null],
  ['u', null, null],
  ['u', 'aaaaaaaa', 'hwmon0'],
  ['u', 'aaaaaaaa', null],
];

/** Rows by time, index of the label, and number; their value is where they stood. */
function rowsOf(rows: readonly (readonly [time: number, label: number, seq: number])[]): ReadingRows {
  return {
    times: Float64Array.from(rows, ([time]) => time),
    labelOf: Uint16Array.from(rows, ([, label]) => label),
    seqs: Float64Array.from(rows, ([, , seq]) => seq),
    labels,
    values: [Float64Array.from(rows, (_, index) => index)],
  };
}

test('readings stand by time, those of one time by epoch and number, those without a label first and as they came', () => {
  const rows = rowsOf([
    [20, 0, 1],
    [10, 0, 2],
    [10, 3, 9],
    [10, 1, Number.NaN],
    [10, 2, 5],
    [10, 1, Number.NaN],
    [-5, 0, 7],
  ]);
  const sorted = inOrder(rows);
  expect([...(sorted.values[0] ?? [])]).toEqual([6, 3, 5, 4, 2, 1, 0]);
  expect([...sorted.times]).toEqual([-5, 10, 10, 10, 10, 10, 20]);
  expect([...sorted.seqs]).toEqual([7, Number.NaN, Number.NaN, 5, 9, 2, 1]);
  expect([...sorted.labelOf]).toEqual([0, 1, 1, 2, 3, 0, 0]);
});

test('readings that are in order are not copied', () => {
  const rows = rowsOf([
    [10, 1, Number.NaN],
    [10, 1, Number.NaN],
    [10, 2, 1],
    [10, 3, 2],
    [10, 0, 1],
    [11, 1, Number.NaN],
  ]);
  expect(inOrder(rows)).toBe(rows);
});

test('whatever readings, their order is that of their places', () => {
  const row = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 5 }));
  fc.assert(
    fc.property(fc.array(row), (drawn) => {
      const sorted = inOrder(rowsOf(drawn));
      const places = Array.from(sorted.times, (time, index) => {
        const epoch = labels[sorted.labelOf[index] ?? 0]?.[1] ?? '';
        return { time, epoch, seq: sorted.seqs[index] ?? 0 };
      });
      expect(places).toEqual(places.toSorted(comparePlaces));
      expect([...(sorted.values[0] ?? [])].toSorted((one, other) => one - other)).toEqual(
        drawn.map((_, index) => index),
      );
    }),
  );
});
