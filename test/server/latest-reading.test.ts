import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TakenReading } from '../../src/core/reading.ts';
import { LatestReading } from '../../src/server/latest-reading.ts';

const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.double({ noNaN: true }));
const reading: fc.Arbitrary<TakenReading> = fc.record({
  sensor: fc.constant('disk'),
  id: fc.constant('/'),
  time: fc.nat(),
  seq: fc.option(fc.nat(), { nil: undefined }),
  epoch: fc.option(fc.constantFrom('00000000', '5f2c91e0'), { nil: undefined }),
  source: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
  values,
});

test('whatever the readings before it were, it is the one that was taken last', () => {
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 8 }), ([first, ...later]) => {
      if (first === undefined) return;
      const latest = new LatestReading(first);
      expect(latest.reading).toEqual(first);
      for (const next of later) {
        latest.replace(next);
        expect(latest.reading).toEqual(next);
        expect(Object.keys(latest.reading.values)).toEqual(Object.keys(next.values));
      }
    }),
  );
});
