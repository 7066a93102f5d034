import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepMsOf, tiers, type Tier } from '../../../../src/store/sqlite/chunks/tier.ts';
import { planTiers, type Stretch } from '../../../../src/store/sqlite/queries/tier-plan.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const never = Number.POSITIVE_INFINITY;
const always = Number.NEGATIVE_INFINITY;

/** Of the readings, and of the roll-ups from the finest on. */
type Begins = readonly [number, number, number, number];

function plan(stepMs: number, begins: Begins): readonly (readonly [number, number, Tier, number])[] {
  return planTiers(stepMs, (tier) => begins[tier]).map(({ fromMs, toMs, tier, stepMs: ownMs }) => [
    fromMs,
    toMs,
    tier,
    ownMs,
  ]);
}

test.each<{ what: string; stepMs: number; begins: Begins; expected: ReturnType<typeof plan> }>([
  {
    what: 'nothing at all',
    stepMs: minuteMs,
    begins: [never, never, never, never],
    expected: [[always, never, 0, minuteMs]],
  },
  { what: 'all tiers', stepMs: minuteMs, begins: [5, 0, 0, 0], expected: [[always, never, 1, minuteMs]] },
  { what: 'all tiers', stepMs: 30 * minuteMs, begins: [5, 0, 0, 0], expected: [[always, never, 2, 30 * minuteMs]] },
  { what: 'all tiers', stepMs: 24 * hourMs, begins: [5, 0, 0, 0], expected: [[always, never, 3, 24 * hourMs]] },
  { what: 'all tiers', stepMs: 7_000, begins: [5, 0, 0, 0], expected: [[always, never, 0, 7_000]] },
  {
    what: 'readings that were dropped',
    stepMs: 10_000,
    begins: [5 * hourMs + 5, hourMs, hourMs, 0],
    expected: [
      [always, 5 * hourMs + minuteMs, 1, minuteMs],
      [5 * hourMs + minuteMs, never, 0, 10_000],
    ],
  },
  {
    what: 'only the longest left',
    stepMs: minuteMs,
    begins: [never, never, never, 0],
    expected: [[always, never, 3, 2 * hourMs]],
  },
  {
    what: 'only the longest left',
    stepMs: 4 * hourMs,
    begins: [never, never, never, 0],
    expected: [[always, never, 3, 4 * hourMs]],
  },
  {
    what: 'each tier reaching further back',
    stepMs: 10_000,
    begins: [30 * hourMs, 20 * hourMs, 10 * hourMs, 0],
    expected: [
      [always, 10 * hourMs, 3, 2 * hourMs],
      [10 * hourMs, 20 * hourMs, 2, 10 * minuteMs],
      [20 * hourMs, 30 * hourMs, 1, minuteMs],
      [30 * hourMs, never, 0, 10_000],
    ],
  },
  {
    what: 'a coarser tier that swallows the stretches of two finer ones',
    stepMs: 7_000,
    begins: [613 * minuteMs + 5_000, 580 * minuteMs, 570 * minuteMs, 360 * minuteMs],
    expected: [
      [always, 600 * minuteMs, 3, 2 * hourMs],
      [600 * minuteMs, 614 * minuteMs, 1, minuteMs],
      [614 * minuteMs, never, 0, 7_000],
    ],
  },
  {
    what: 'a finer tier that reaches further back than the coarser ones',
    stepMs: 24 * hourMs,
    begins: [5 * hourMs, 5 * hourMs, 5 * hourMs, 34 * hourMs],
    expected: [
      [always, 48 * hourMs, 2, 24 * hourMs],
      [48 * hourMs, never, 3, 24 * hourMs],
    ],
  },
])('of $what steps of $stepMs ms are read from as few tiers as can be', ({ stepMs, begins, expected }) => {
  expect(plan(stepMs, begins)).toEqual(expected);
});

/** The readings, one every 20 s, that a stretch gives, as the query that reads it does. */
function given({ fromMs, toMs, tier }: Stretch, begins: Begins, readings: readonly number[]): readonly number[] {
  const step = stepMsOf(tier) ?? 1;
  return readings.filter((time) => {
    const rowMs = Math.floor(time / step) * step;
    return rowMs >= begins[tier] && rowMs >= fromMs && rowMs < toMs;
  });
}

const begin = fc.oneof(
  { weight: 1, arbitrary: fc.constant(never) },
  { weight: 4, arbitrary: fc.integer({ min: -3 * 360, max: 3 * 360 }).map((steps) => steps * 20_000) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }).map((steps) => steps * 2 * hourMs) },
);

const stepsAsked = [
  1_000,
  7_000,
  20_000,
  minuteMs,
  3 * minuteMs,
  10 * minuteMs,
  70 * minuteMs,
  hourMs,
  2 * hourMs,
  24 * hourMs,
];

test('whatever is left of which tier, no time is counted twice, and none is left out but less than a step of the coarser tier', () => {
  const readings = Array.from({ length: 6 * 360 }, (_, index) => (index - 3 * 360) * 20_000);
  fc.assert(
    fc.property(fc.tuple(begin, begin, begin, begin), fc.constantFrom(...stepsAsked), (drawn, stepMs) => {
      // The rows of a roll-up begin with their steps.
      const beginOf = (tier: Tier): number => {
        const ownMs = stepMsOf(tier) ?? 1;
        return drawn[tier] === never ? never : Math.floor(drawn[tier] / ownMs) * ownMs;
      };
      const begins: Begins = [beginOf(0), beginOf(1), beginOf(2), beginOf(3)];
      const stretches = planTiers(stepMs, (tier) => begins[tier]);
      expect(stretches[0]?.fromMs).toBe(always);
      expect(stretches.at(-1)?.toMs).toBe(never);
      for (const [index, { toMs, stepMs: ownMs }] of stretches.entries()) {
        const following = stretches[index + 1];
        if (following === undefined) continue;
        expect(following.fromMs).toBe(toMs);
        // No line of the answer is of a step that another line is of as well.
        expect(Math.abs(toMs % ownMs)).toBe(0);
      }
      const counted = new Map(readings.map((time) => [time, 0]));
      for (const stretch of stretches) {
        for (const time of given(stretch, begins, readings)) counted.set(time, (counted.get(time) ?? 0) + 1);
      }
      const isExact = (tier: Tier): boolean => stepMs % (stepMsOf(tier) ?? 1) === 0;
      for (const [time, count] of counted) {
        if (count === 1) continue;
        expect(count, `${time} is counted ${count} times`).toBe(0);
        for (const tier of tiers) {
          const ownMs = stepMsOf(tier) ?? 1;
          const rowOf = (ms: number): number => Math.floor(ms / ownMs);
          if (rowOf(begins[tier]) > rowOf(time) || begins[tier] === never) continue;
          // A roll-up has it, in a step within which a better tier begins: where all began together, it has nothing more.
          const better = tiers.some(
            (one) => one !== tier && (isExact(one) || one < tier) && rowOf(begins[one]) === rowOf(time),
          );
          expect(!isExact(tier) && better, `${time} is in tier ${tier} and left out`).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});
