import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UnitReading } from '../../../../src/core/reading.ts';
import type { SeriesStep, StepQuery } from '../../../../src/store/contract.ts';
import { MemoryStore } from '../../../../src/store/memory.ts';
import { checkStore } from '../../../../src/store/sqlite/check.ts';
import { Writer } from '../../../../src/store/sqlite/writer.ts';
import { temporaryFolder } from '../../opened.ts';
import { found } from '../../samples.ts';
import { inProcessStore } from '../in-process.ts';

const everything = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

async function stepsIn(
  store: { steps(query: StepQuery): AsyncIterable<SeriesStep> },
  query: Partial<StepQuery>,
): Promise<SeriesStep[]> {
  const all: SeriesStep[] = [];
  for await (const step of store.steps({ clientId: 'u', ...everything, stepMs: 60_000, ...query })) all.push(step);
  return all;
}

const value = fc.oneof(
  fc.integer({ min: -1_000, max: 100_000 }).map((tenths) => tenths / 10),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.constantFrom(0, -0, 1 / 3, 5e-324, Number.MAX_SAFE_INTEGER, -1e300),
);

/** A reading as any client may send it, but for its number. */
const drawn = fc.record({
  clientId: fc.constantFrom('u', 'v'),
  unit: fc.constantFrom('old name', 'new name'),
  epoch: fc.constantFrom('aaaaaaaa', 'bbbbbbbb', undefined),
  time: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }).map((tens) => 1_795_255_200_000 + tens * 10_000) },
    { weight: 1, arbitrary: fc.integer({ min: -1e12, max: 4e12 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 8_640_000_000_000_000) },
  ),
  sensor: fc.constantFrom('ram', 'disk'),
  id: fc.constantFrom(undefined, '/', '/home'),
  source: fc.constantFrom(undefined, 'a', 'b'),
  values: fc.oneof(fc.record({ used: value, total: value }), fc.record({ used: value }), fc.constant({})),
});

/** With their numbers: those of a unit and epoch grow. */
function numbered(batches: readonly (readonly UnitReadingDraft[])[]): UnitReading[][] {
  let seq = 0;
  return batches.map((batch) =>
    batch.map(({ clientId, unit, epoch, id, source, ...members }) => {
      seq += 1;
      const label = { epoch, seq: epoch === undefined ? undefined : seq };
      const reading = {
        ...members,
        ...label,
        ...(id !== undefined && { id }),
        ...(source !== undefined && { source }),
      };
      return { clientId, unit, reading };
    }),
  );
}

type UnitReadingDraft = typeof drawn extends fc.Arbitrary<infer Draft> ? Draft : never;

test('moved or not, a query answers what a store that keeps everything as it came would answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(drawn, { minLength: 1, maxLength: 12 }), fc.boolean()), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1_000, 7_000, 60_000, 120_000, 600_000, 7_200_000, 86_400_000),
      async (drafts, segmentReadings, stepMs) => {
        const folder = join(temporaryFolder(), 'store');
        const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
        const store = inProcessStore(writer, folder, { segmentReadings, windowReadings: segmentReadings });
        const reference = new MemoryStore();
        for (const [index, readings] of numbered(drafts.map(([batch]) => batch)).entries()) {
          await store.append({ units: [], readings });
          await reference.append({ units: [], readings });
          if (drafts[index]?.[1] === true) expect(await store.compact()).toBe(true);
        }
        for (const query of [
          {},
          { clientId: 'v' },
          { sensor: 'ram' },
          { sensor: 'disk', id: '/' },
          { fromMs: 1_795_255_230_000, toMs: 1_795_255_310_000 },
        ]) {
          expect(canonical(await found(store, query))).toEqual(canonical(await found(reference, query)));
          const [steps, expected] = [
            await stepsIn(store, { ...query, stepMs }),
            await stepsIn(reference, { ...query, stepMs }),
          ];
          expect(steps.map(withoutSums)).toEqual(expected.map(withoutSums));
          for (const [place, { values }] of steps.entries()) {
            for (const [name, { sum, max, min, count }] of Object.entries(values)) {
              const precision = Math.max(Math.abs(max), Math.abs(min)) * count * 1e-12;
              expect(Math.abs(sum - (expected[place]?.values[name]?.sum ?? Number.NaN))).toBeLessThanOrEqual(precision);
            }
          }
        }
        await store.close();
        expect((await checkStore(folder)).problems).toEqual([]);
      },
    ),
    { numRuns: 20 },
  );
}, 60_000);

function withoutSums({ values, ...step }: SeriesStep): unknown {
  return {
    ...step,
    values: Object.entries(values).map(([name, { count, min, max }]) => [name, count, min + 0, max + 0]),
  };
}

/** Readings of one time without a label are in no order. */
function canonical(readings: readonly UnitReading[]): readonly UnitReading[] {
  return readings.toSorted((one, other) => {
    const isTie =
      one.reading.epoch === undefined && other.reading.epoch === undefined && one.reading.time === other.reading.time;
    return isTie ? (textOf(one) < textOf(other) ? -1 : 1) : 0;
  });
}

function textOf({ unit, reading: { sensor, id, source, values } }: UnitReading): string {
  return JSON.stringify([
    unit,
    sensor,
    id,
    source,
    Object.entries(values),
    Object.values(values).map((one) => Object.is(one, -0)),
  ]);
}
