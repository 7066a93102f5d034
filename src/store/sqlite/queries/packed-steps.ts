import type { SeriesName } from '../../../core/reading.ts';
import type { SeriesStep, StepValue } from '../../contract.ts';
import type { StepValues } from '../../step-values.ts';

/**
 * Steps of one series on their way between threads. Numbers in one list go over in one go; of objects each is copied with the names of its members, which takes
 * longer than to read them from the disk.
 */
export interface PackedSteps {
  readonly sensor: string;
  readonly id: string | undefined;
  readonly stepMs: number;
  readonly names: readonly string[];
  /** For each step its time, and then for each name count, min, max and sum; a count of 0 where there is none of that name. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const numbersAValue = 4;

/** Steps in their order. */
export function packSteps(
  { sensor, id }: SeriesName,
  stepMs: number,
  steps: readonly (readonly [timeMs: number, values: StepValues])[],
): PackedSteps {
  const names = [...new Set(steps.flatMap(([, values]) => [...values.keys()]))];
  const numbers = new Float64Array(steps.length * (1 + names.length * numbersAValue));
  let place = 0;
  for (const [timeMs, values] of steps) {
    numbers[place] = timeMs;
    place += 1;
    for (const name of names) {
      const value = values.get(name);
      if (value !== undefined) {
        numbers[place] = value.count;
        numbers[place + 1] = value.min;
        numbers[place + 2] = value.max;
        numbers[place + 3] = value.sum;
      }
      place += numbersAValue;
    }
  }
  return { sensor, id, stepMs, names, numbers };
}

export function* unpackSteps({ sensor, id, stepMs, names, numbers }: PackedSteps): Generator<SeriesStep> {
  for (let place = 0; place < numbers.length;) {
    const timeMs = numbers[place] ?? 0;
    place += 1;
    const values: (readonly [string, StepValue])[] = [];
    for (const name of names) {
      const count = numbers[place] ?? 0;
      if (count > 0) {
        const [min, max, sum] = [numbers[place + 1] ?? 0, numbers[place + 2] ?? 0, numbers[place + 3] ?? 0];
        values.push([name, { count, min, max, sum }]);
      }
      place += numbersAValue;
    }
    yield { sensor, id, timeMs, stepMs, values: Object.fromEntries(values) };
  }
}
