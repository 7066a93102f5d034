import { decimalsOf } from './column.ts';
import type { ReadingRows, StepRows } from './rows.ts';

/** What the readings were in each step of `stepMs`, of those steps in which there is any. */
export function rolledUp({ times, values }: Pick<ReadingRows, 'times' | 'values'>, stepMs: number): StepRows {
  const ones = new Float64Array(times.length).fill(1);
  return coarser({ times, counts: ones, minima: values, maxima: values, sums: values }, stepMs);
}

/** The same in longer steps. Rows of one step need not be joined, but must be in order of time. */
export function coarser({ times, counts, minima, maxima, sums }: StepRows, stepMs: number): StepRows {
  const { starts, stepTimes } = stepsOf(times, stepMs);
  const over = (column: Float64Array, join: (sum: number, next: number) => number): Float64Array =>
    joined(column, starts, join);
  return {
    times: stepTimes,
    counts: over(counts, plus),
    minima: minima.map((column) => over(column, Math.min)),
    maxima: maxima.map((column) => over(column, Math.max)),
    sums: sums.map((column) => summed(column, starts)),
  };
}

/** Where in `times` the steps begin, with the length of `times` at the end; and when. */
function stepsOf(
  times: Float64Array,
  stepMs: number,
): { readonly starts: readonly number[]; readonly stepTimes: Float64Array } {
  const starts: number[] = [];
  const stepTimes: number[] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const [index, time] of times.entries()) {
    if (time < endMs) continue;
    const beginMs = Math.floor(time / stepMs) * stepMs;
    endMs = beginMs + stepMs;
    starts.push(index);
    stepTimes.push(beginMs);
  }
  starts.push(times.length);
  return { starts, stepTimes: Float64Array.from(stepTimes) };
}

function joined(
  column: Float64Array,
  starts: readonly number[],
  join: (sum: number, next: number) => number,
): Float64Array {
  const steps = new Float64Array(starts.length - 1);
  for (let step = 0; step < steps.length; step += 1) {
    const end = starts[step + 1] ?? 0;
    let value = column[starts[step] ?? 0] ?? 0;
    for (let index = (starts[step] ?? 0) + 1; index < end; index += 1) value = join(value, column[index] ?? 0);
    steps[step] = value;
  }
  return steps;
}

/** As decimal fractions where they are: a sum of 0.1 and 0.2 that is 0.3 takes two bytes, and one that is not takes eight. */
function summed(column: Float64Array, starts: readonly number[]): Float64Array {
  const decimals = decimalsOf(column);
  if (decimals === undefined) return joined(column, starts, plus);
  return joined(decimals.wholes, starts, plus).map((sum) => sum / decimals.power);
}

function plus(sum: number, next: number): number {
  return sum + next;
}
