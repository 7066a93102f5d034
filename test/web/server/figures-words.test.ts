import { expect, test } from 'vitest';
import { latency, perSecond, retentionWords, storeFill } from '../../../web/src/server/figures-words.ts';

/** As the reader's language writes numbers, whatever it is where the tests run. */
function written(value: number, digits = 0): string {
  return new Intl.NumberFormat(undefined, { minimumFractionDigits: digits }).format(value);
}
const tenPercent = new Intl.NumberFormat(undefined, { style: 'percent' }).format(0.1);

test('a latency is in milliseconds below a second, and none where nothing was measured', () => {
  expect(latency(0.004_23)).toBe(`${written(4.23)} ms`);
  expect(latency(0.000_25)).toBe(`${written(0.25)} ms`);
  expect(latency(1.5)).toBe(`${written(1.5)} s`);
  expect(latency(null)).toBe('–');
});

test('a small rate differs from none', () => {
  expect(perSecond(0)).toBe('0');
  expect(perSecond(0.1)).toBe(written(0.1));
  expect(perSecond(12_345.6)).toBe(written(12_346));
});

test('a store says how much of its budget it has taken, and what follows', () => {
  expect(storeFill({ bytes: 1_024 ** 3, budget_bytes: 10 * 1_024 ** 3 })).toEqual({
    share: 0.1,
    words: `${written(1, 1)} GiB of ${written(10, 1)} GiB (${tenPercent}). There is room.`,
  });
  expect(storeFill({ bytes: 85, budget_bytes: 100 }).words).toMatch(/Once it is full, the oldest goes/);
  expect(storeFill({ bytes: 99, budget_bytes: 100 }).words).toMatch(/It is full: the oldest goes/);
});

test('a store without bound, or without files, has no share', () => {
  expect(storeFill({ bytes: 2_048, budget_bytes: null })).toEqual({
    share: undefined,
    words: `${written(2, 1)} KiB; no bound is set (store.budget).`,
  });
  expect(storeFill({ bytes: null, budget_bytes: null }).share).toBeUndefined();
});

test('each tier of the store says how long it is kept', () => {
  expect(retentionWords({ readings: 604_800, '1m': 7_776_000, '10m': null, '2h': null })).toEqual([
    ['Readings', '7 d'],
    ['Steps of 1 min', '90 d'],
    ['Steps of 10 min', 'as long as there is room'],
    ['Steps of 2 h', 'as long as there is room'],
  ]);
});
