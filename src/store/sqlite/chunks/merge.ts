import type { StatementSync } from 'node:sqlite';
import { integerIn, textIn } from '../row.ts';
import { readingChunks, stepChunks, type PackedChunk } from './packed-chunk.ts';
import { inOrder } from './reading-order.ts';
import { coarser } from './roll-up.ts';
import type { Label, ReadingRows, StepRows } from './rows.ts';
import { parseSeriesKey } from './series-key.ts';
import { readingsIn, stepsIn } from './stored-chunk.ts';
import { joinedMs, stepMsOf, tiers } from './tier.ts';

/** A chunk with fewer rows is small. The index of them in schema.ts says the same. */
export const smallRows = 512;
/** So many small chunks of a series are joined into one. */
export const smallChunksMax = 8;
/** Those that one step looks at; more wait for the next. */
const lookMax = 64;

export interface MergeStatements {
  /** Series, tiers and stretches of time that have many small chunks. */
  readonly crowded: StatementSync;
  /** Those chunks, in order. */
  readonly small: StatementSync;
  readonly seriesKey: StatementSync;
}

/** Where there are so many small chunks of a series up to `lastChunk`, they are joined. */
export interface MergeGoal {
  readonly lastChunk: number;
  readonly smallMax: number;
}

/** Chunks that take the place of others. */
export interface Merge {
  readonly series: number;
  readonly replaced: readonly number[];
  readonly storedMs: number;
  readonly chunks: readonly PackedChunk[];
}

/** Joins small chunks, one series and tier after another. A damaged chunk is left as it is. */
export function* mergeSmall(
  { lastChunk, smallMax }: MergeGoal,
  statements: MergeStatements,
): Generator<Merge, void, undefined> {
  for (const row of statements.crowded.all(lastChunk, smallMax, lookMax)) {
    const crowd = {
      series: integerIn(row, 'series'),
      tier: integerIn(row, 'tier'),
      stretch: integerIn(row, 'stretch'),
    };
    const merge = mergeOf(crowd, { lastChunk, smallMax }, statements);
    if (merge !== undefined) yield merge;
  }
}

/** Small chunks of one series that were stored in one stretch of time, of those that `joinedMs` says. */
interface Crowd {
  readonly series: number;
  readonly tier: number;
  readonly stretch: number;
}

function mergeOf(
  { series, tier: wanted, stretch }: Crowd,
  { lastChunk, smallMax }: MergeGoal,
  { small, seriesKey }: MergeStatements,
): Merge | undefined {
  const tier = tiers.find((one) => one === wanted);
  const key = parseSeriesKey(textIn(seriesKey.get(series), 'key'));
  if (tier === undefined || key === undefined) return undefined;
  const columns = key[3].length;
  const fromMs = stretch * joinedMs[tier];
  const rows = small.all(series, tier, fromMs, fromMs + joinedMs[tier], lastChunk, lookMax);
  const replaced: number[] = [];
  const readings: ReadingRows[] = [];
  const steps: StepRows[] = [];
  let storedMs = 0;
  for (const row of rows) {
    const found = tier === 0 ? readingsIn(row, columns) : stepsIn(row, columns);
    if (found === undefined) continue;
    if ('seqs' in found) readings.push(found);
    else steps.push(found);
    replaced.push(integerIn(row, 'chunk'));
    storedMs = Math.max(storedMs, integerIn(row, 'stored_ms'));
  }
  if (replaced.length < smallMax) return undefined;
  const stepMs = stepMsOf(tier);
  const chunks =
    stepMs === undefined ? readingChunks(joinedReadings(readings)) : stepChunks(joinedSteps(steps, stepMs), tier);
  return { series, replaced, storedMs, chunks };
}

function joinedReadings(lists: readonly ReadingRows[]): ReadingRows {
  const labels: Label[] = [];
  const labelOf: number[] = [];
  const numberOf = new Map<string, number>();
  for (const rows of lists) {
    const numbers = rows.labels.map((label) => {
      const text = JSON.stringify(label);
      const known = numberOf.get(text);
      if (known !== undefined) return known;
      numberOf.set(text, labels.length);
      return labels.push(label) - 1;
    });
    for (const label of rows.labelOf) labelOf.push(numbers[label] ?? 0);
  }
  return inOrder({
    times: joined(lists.map(({ times }) => times)),
    seqs: joined(lists.map(({ seqs }) => seqs)),
    labelOf: Uint16Array.from(labelOf),
    labels,
    values: joinedColumns(lists.map(({ values }) => values)),
  });
}

/** Rows of one step, which came in two moves, become one. */
function joinedSteps(lists: readonly StepRows[], stepMs: number): StepRows {
  const times = joined(lists.map((rows) => rows.times));
  const order = Uint32Array.from(times, (_, index) => index).toSorted(
    (one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other,
  );
  const sorted = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] ?? 0);
  const rows = {
    times: sorted(times),
    counts: sorted(joined(lists.map(({ counts }) => counts))),
    minima: joinedColumns(lists.map(({ minima }) => minima)).map(sorted),
    maxima: joinedColumns(lists.map(({ maxima }) => maxima)).map(sorted),
    sums: joinedColumns(lists.map(({ sums }) => sums)).map(sorted),
  };
  return coarser(rows, stepMs);
}

function joinedColumns(lists: readonly (readonly Float64Array[])[]): Float64Array[] {
  return (lists[0] ?? []).map((_, column) => joined(lists.map((columns) => columns[column] ?? new Float64Array())));
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const column of columns) {
    all.set(column, filled);
    filled += column.length;
  }
  return all;
}
