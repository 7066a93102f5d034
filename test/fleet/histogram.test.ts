import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../src/fleet/histogram.ts';

function of(durationsMs: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const durationMs of durationsMs) histogram.record(durationMs);
  return histogram;
}

const durations = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 36 - 1 })), {
  minLength: 1,
});

test('a quantile is at or above the exact one, by a 64th and a microsecond at most', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (microseconds, share) => {
      const sorted = microseconds.toSorted((first, second) => first - second);
      const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
      const found = of(microseconds.map((value) => value / 1_000)).quantileMs(share) * 1_000;
      expect(found).toBeGreaterThanOrEqual(exact - 0.001);
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 64) + 1);
    }),
  );
});

test('two that are merged are one of all durations, and what is taken off again is gone', () => {
  fc.assert(
    fc.property(durations, durations, (first, second) => {
      const merged = of(first);
      merged.merge(of(second));
      expect(merged.counts).toEqual(of([...first, ...second]).counts);
      merged.subtract(of(second));
      expect(merged.counts).toEqual(of(first).counts);
      expect(merged.size).toBe(first.length);
    }),
  );
});

test('a duration below nothing and one of a year count at the ends', () => {
  const histogram = of([-5, 365 * 86_400_000]);
  expect(histogram.quantileMs(0.5)).toBe(0);
  expect(histogram.quantileMs(1)).toBeCloseTo(2 ** 36 / 1_000, 0);
});

test('an empty one has no quantiles', () => {
  expect(new Histogram().quantileMs(0.5)).toBeNaN();
});
