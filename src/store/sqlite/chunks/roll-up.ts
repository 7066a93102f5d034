import { decimalsOf } from './column.ts';
import type { ReadingRows, StepRows, Summary } from './rows.ts';

/** What the readings were in each step of `stepMs`, of those steps in which there is any. */
export function rolledUp({ times, values }: Pick<ReadingRows, 'times' | 'values'>, stepMs: number): StepRows {
  const { starts, stepTimes } = stepsOf(times, stepMs);
  return {
    times: stepTimes,
    counts: stepTimes.map((_, step) => (starts[step + 1] ?? 0) - (starts[step] ?? 0)),
    minima: values.map((column) => least(column, starts)),
    maxima: values.map((column) => greatest(column, starts)),
    sums: values.map((column) => decimalSums(column, starts)),
  };
}

/** All of each column as one step: three numbers a column, the least, the greatest and the sum. */
export function summed(columns: readonly Float64Array[]): Summary {
  const summary = new Float64Array(columns.length * 3);
  for (const [index, column] of columns.entries()) {
    const whole = [0, column.length];
    const parts = [least(column, whole), greatest(column, whole), decimalSums(column, whole)];
    for (const [place, [value = 0]] of parts.entries()) summary[index * 3 + place] = value;
  }
  return summary;
}

/** The same in longer steps. Rows of one step need not be joined, but must be in order of time. */
export function coarser({ times, counts, minima, maxima, sums: ofValues }: StepRows, stepMs: number): StepRows {
  const { starts, stepTimes } = stepsOf(times, stepMs);
  return {
    times: stepTimes,
    counts: sums(counts, starts),
    minima: minima.map((column) => least(column, starts)),
    maxima: maxima.map((column) => greatest(column, starts)),
    sums: ofValues.map((column) => decimalSums(column, starts)),
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

function least(column: Float64Array, starts: readonly number[]): Float64Array {
  const steps = new Float64Array(starts.length - 1);
  for (let step = 0; step < steps.length; step += 1) {
    const end = starts[step + 1] ?? 0;
    let value = Number.POSITIVE_INFINITY;
    for (let index = starts[step] ?? 0; index < end; index += 1) {
      const one = column[index] ?? 0;
      if (one < value) value = one;
    }
    steps[step] = value;
  }
  return steps;
}

function greatest(column: Float64Array, starts: readonly number[]): Float64Array {
  const steps = new Float64Array(starts.length - 1);
  for (let step = 0; step < steps.length; step += 1) {
    const end = starts[step + 1] ?? 0;
    let value = Number.NEGATIVE_INFINITY;
    for (let index = starts[step] ?? 0; index < end; index += 1) {
      const one = column[index] ?? 0;
      if (one > value) value = one;
    }
    steps[step] = value;
  }
  return steps;
}

function sums(column: Float64Array, starts: readonly number[]): Float64Array {
  const steps = new Float64Array(starts.length - 1);
  for (let step = 0; step < steps.length; step += 1) {
    const end = starts[step + 1] ?? 0;
    let sum = 0;
    for (let index = starts[step] ?? 0; index < end; index += 1) sum += column[index] ?? 0;
    steps[step] = sum;
  }
  return steps;
}

/** As decimal fractions where they are: a sum of 0.1 and 0.2 that is 0.3 takes two bytes, and one that is not takes eight. */
function decimalSums(column: Float64Array, starts: readonly number[]): Float64Array {
  const decimals = decimalsOf(column);
  if (decimals === undefined) return sums(column, starts);
  return sums(decimals.wholes, starts).map((sum) => sum / decimals.power);
}
