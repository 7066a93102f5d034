import type { Values } from '../core/reading.ts';
import type { Query, StepQuery, StepValue } from './contract.ts';

/** What a step has gathered so far, by the names of the values. */
export type StepValues = Map<string, GatheringValue>;

/** A `StepValue` that still grows: one object a value and step, however many readings there are. */
interface GatheringValue {
  count: number;
  min: number;
  max: number;
  sum: number;
}

/** The beginning of the step in which a time lies: the multiple of `stepMs` at or before it. Exact for whole milliseconds up to 2^53, before 1970 too. */
export function stepOf(timeMs: number, stepMs: number): number {
  if (!Number.isFinite(timeMs)) return timeMs;
  // The remainder of two doubles is exact, which their quotient is not.
  const into = timeMs % stepMs;
  return into < 0 ? timeMs - into - stepMs : timeMs - into;
}

/** The bounds of a query, widened to whole steps; a range that holds no time stays one that holds none. */
export function wholeSteps({
  fromMs,
  toMs,
  stepMs,
}: Pick<StepQuery, 'fromMs' | 'toMs' | 'stepMs'>): Pick<Query, 'fromMs' | 'toMs'> {
  if (!(fromMs < toMs)) return { fromMs: 0, toMs: 0 };
  return { fromMs: stepOf(fromMs, stepMs), toMs: -stepOf(-toMs, stepMs) };
}

/** Takes the values of one reading into those of its step. */
export function addValues(into: StepValues, values: Values): void {
  for (const name in values) {
    const value = values[name];
    if (value === undefined) continue;
    const gathered = into.get(name);
    if (gathered === undefined) {
      into.set(name, { count: 1, min: value, max: value, sum: value });
      continue;
    }
    gathered.count += 1;
    gathered.sum += value;
    if (value < gathered.min) gathered.min = value;
    if (value > gathered.max) gathered.max = value;
  }
}

/** Two parts of one value in one step as one: of a roll-up and of readings that came later, or of two finer steps. */
export function joinStepValues(a: StepValue, b: StepValue): StepValue {
  return {
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
  };
}

/** Takes a part of one value into those of its step. */
export function joinStepValue(into: StepValues, name: string, value: StepValue): void {
  const gathered = into.get(name);
  into.set(name, gathered === undefined ? { ...value } : joinStepValues(gathered, value));
}

/** What was gathered, as the contract has it. */
export function recordOf(values: StepValues): Readonly<Record<string, StepValue>> {
  return Object.fromEntries(values);
}
