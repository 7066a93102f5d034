import type { SeriesName, Values } from '../../../core/reading.ts';
import type { StepValue } from '../../contract.ts';
import { addValues, joinStepValue, stepOf, type StepValues } from '../../step-values.ts';
import { packSteps, type PackedSteps } from './packed-steps.ts';

/** Steps that are given at a time. */
const partMax = 4_096;

/** The first of the steps to which something is added: however many there are, no more than twice a part is held. */
export class EarliestSteps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly #steps = new Map<number, StepValues>();
  #endMs: number;

  /** Of the time from `fromMs`, inclusive, to `toMs`, which is not. */
  constructor({ fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number }) {
    this.fromMs = fromMs;
    this.#endMs = toMs;
    this.stepMs = stepMs;
  }

  /** Where the part ends, as far as is known now. */
  get endMs(): number {
    return this.#endMs;
  }

  addReading(timeMs: number, values: Values): void {
    const step = this.#stepAt(timeMs);
    if (step !== undefined) addValues(step, values);
  }

  addValue(timeMs: number, name: string, value: StepValue): void {
    const step = this.#stepAt(timeMs);
    if (step !== undefined) joinStepValue(step, name, value);
  }

  /** All that is before the end. */
  take(name: SeriesName): PackedSteps {
    const steps = [...this.#steps].filter(([, values]) => values.size > 0);
    const inOrder = steps.toSorted(([one], [other]) => one - other);
    return packSteps(name, this.stepMs, inOrder);
  }

  #stepAt(timeMs: number): StepValues | undefined {
    if (timeMs < this.fromMs || timeMs >= this.#endMs) return undefined;
    const step = stepOf(timeMs, this.stepMs);
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    if (this.#steps.size >= 2 * partMax) this.#cut();
    if (timeMs >= this.#endMs) return undefined;
    const made: StepValues = new Map();
    this.#steps.set(step, made);
    return made;
  }

  #cut(): void {
    const times = Float64Array.from(this.#steps.keys()).toSorted();
    this.#endMs = times[partMax] ?? this.#endMs;
    for (const timeMs of this.#steps.keys()) if (timeMs >= this.#endMs) this.#steps.delete(timeMs);
  }
}
