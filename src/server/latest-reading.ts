import type { TakenReading, Values } from '../core/reading.ts';
import { sharedSeries } from './shared-series.ts';

/**
 * The newest reading of one series. Its numbers take the place of those before: a reading that was kept as it came would outlive the young, and all of
 * them would have to be found and collected among the old, which was most of what there was to collect.
 */
export class LatestReading {
  readonly sensor: string;
  readonly id: string | undefined;
  #seq: number | undefined;
  #epoch: string | undefined;
  #source: string | undefined;
  #names: readonly string[];
  /** The time, which by itself would be an object, and the values. */
  #numbers: number[];

  constructor(reading: TakenReading) {
    const { time, seq, epoch, source, values } = reading;
    ({ sensor: this.sensor, id: this.id } = sharedSeries(reading));
    this.#seq = seq;
    this.#epoch = epoch;
    this.#source = source;
    this.#names = namesOf(values);
    this.#numbers = numbersOf(time, values);
  }

  /** A newer one of the same series. */
  replace({ time, seq, epoch, source, values }: TakenReading): void {
    this.#seq = seq;
    this.#epoch = epoch;
    this.#source = source;
    const numbers = this.#numbers;
    numbers[0] = time;
    let index = 0;
    for (const name in values) {
      const value = values[name];
      if (name !== this.#names[index] || value === undefined) return this.#rename(time, values);
      index += 1;
      numbers[index] = value;
    }
    if (index < this.#names.length) this.#rename(time, values);
  }

  get time(): number {
    return this.#numbers[0] ?? 0;
  }

  value(name: string): number | undefined {
    const place = this.#names.indexOf(name);
    return place < 0 ? undefined : this.#numbers[place + 1];
  }

  get reading(): TakenReading {
    const { sensor, id, time } = this;
    const values = Object.fromEntries(this.#names.map((name, index) => [name, this.#numbers[index + 1] ?? 0]));
    return { sensor, id, time, seq: this.#seq, epoch: this.#epoch, source: this.#source, values };
  }

  /** The values have other names than those before. */
  #rename(time: number, values: Values): void {
    this.#names = namesOf(values);
    this.#numbers = numbersOf(time, values);
  }
}

/** As a list that V8 keeps as bare numbers: into one of `Object.values` each new number would go as an object of its own. */
function numbersOf(time: number, values: Values): number[] {
  return [time, ...Object.values(values)].map(Number);
}

/** Lists of names that readings have, by the list as text; all readings of a sensor, of all units, share one. */
const known = new Map<string, readonly string[]>();
/** A fleet has some dozens. Full, it forgets all and begins again. */
const knownMax = 1_024;

function namesOf(values: Values): readonly string[] {
  const names = Object.keys(values);
  const text = names.join();
  const shared = known.get(text);
  if (shared !== undefined) return shared;
  if (known.size >= knownMax) known.clear();
  known.set(text, names);
  return names;
}
