import { stepOf } from '../../step-values.ts';
import type { ReadingRows, StepRows } from '../chunks/rows.ts';
import type { Tier } from '../chunks/tier.ts';
import type { ChunkCache, SummedChunk } from './chunk-cache.ts';
import type { ListedChunk } from './chunk-list.ts';
import type { EarliestSteps } from './earliest-steps.ts';
import { firstFrom } from './reading-parts.ts';

/** Adds what the chunks of a tier hold to their steps. They are in the order of their beginning. */
export function addChunks(
  list: readonly ListedChunk[],
  tier: Tier,
  { earliest, cache }: { readonly earliest: EarliestSteps; readonly cache: ChunkCache },
): void {
  for (const listed of list) {
    if (listed.fromMs >= earliest.endMs) return;
    const names = listed.series.key[3];
    if (tier > 0) addSteps(cache.steps(listed), names, earliest);
    else if (isInOneStep(listed, earliest)) addSummary(cache.summed(listed), listed, earliest);
    else addReadings(cache.readings(listed), names, earliest);
  }
}

/** Then what is written beside its data is all that is needed of it. */
function isInOneStep({ fromMs, toMs }: ListedChunk, { fromMs: beginMs, endMs, stepMs }: EarliestSteps): boolean {
  return fromMs >= beginMs && toMs < endMs && stepOf(fromMs, stepMs) === stepOf(toMs, stepMs);
}

function addSummary(summed: SummedChunk | undefined, { fromMs, series }: ListedChunk, earliest: EarliestSteps): void {
  if (summed === undefined) return;
  const { rows, summary } = summed;
  for (const [column, name] of series.key[3].entries()) {
    const [min = 0, max = 0, sum = 0] = summary.subarray(column * 3, column * 3 + 3);
    earliest.addValue(fromMs, name, { count: rows, min, max, sum });
  }
}

function addReadings(rows: ReadingRows | undefined, names: readonly string[], earliest: EarliestSteps): void {
  if (rows === undefined) return;
  const { times, values } = rows;
  for (let index = firstFrom(times, earliest.fromMs); index < times.length; index += 1) {
    const time = times[index] ?? 0;
    if (time >= earliest.endMs) return;
    for (const [column, name] of names.entries()) {
      const value = values[column]?.[index] ?? 0;
      earliest.addValue(time, name, { count: 1, min: value, max: value, sum: value });
    }
  }
}

function addSteps(rows: StepRows | undefined, names: readonly string[], earliest: EarliestSteps): void {
  if (rows === undefined) return;
  const { times, counts, minima, maxima, sums } = rows;
  for (let index = firstFrom(times, earliest.fromMs); index < times.length; index += 1) {
    const time = times[index] ?? 0;
    if (time >= earliest.endMs) return;
    for (const [column, name] of names.entries()) {
      earliest.addValue(time, name, {
        count: counts[index] ?? 0,
        min: minima[column]?.[index] ?? 0,
        max: maxima[column]?.[index] ?? 0,
        sum: sums[column]?.[index] ?? 0,
      });
    }
  }
}
