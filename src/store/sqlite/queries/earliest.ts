import type { UnitReading } from '../../../core/reading.ts';
import { comparePlaces, placeOf, type Place } from '../../order.ts';

/** Readings that are given at a time: some megabytes. */
const partMax = 8_192;

/**
 * The first of the readings that are added, in their order: however many there are, no more than twice a part is held. Readings of one place, which only those without a
 * label can be, stay together.
 */
export class Earliest {
  readonly #from: Place;
  readonly #readings: UnitReading[] = [];
  #end: Place | undefined;
  #cutAt = 2 * partMax;

  /** From this place on. */
  constructor(from: Place) {
    this.#from = from;
  }

  /** Where the part ends, as far as is known now; undefined where it holds all that was added. */
  get end(): Place | undefined {
    return this.#end;
  }

  add(reading: UnitReading): void {
    const { time } = reading.reading;
    const end = this.#end;
    if (time < this.#from.time || (end !== undefined && time > end.time)) return;
    if (time === this.#from.time && comparePlaces(placeOf(reading), this.#from) < 0) return;
    if (end !== undefined && time === end.time && comparePlaces(placeOf(reading), end) >= 0) return;
    this.#readings.push(reading);
    if (this.#readings.length >= this.#cutAt) this.#cut();
  }

  /** All that is before the end. */
  take(): readonly UnitReading[] {
    return this.#readings.toSorted(byPlace);
  }

  #cut(): void {
    this.#readings.sort(byPlace);
    const last = this.#readings[partMax - 1];
    const count = this.#readings.findIndex(
      (reading, index) => index >= partMax && last !== undefined && byPlace(last, reading) !== 0,
    );
    const first = this.#readings[count];
    // All of one place: to look again at each of them would take for ever.
    this.#cutAt = Math.max(2 * partMax, (first === undefined ? this.#readings.length : count) * 2);
    if (first === undefined) return;
    this.#end = placeOf(first);
    this.#readings.length = count;
  }
}

function byPlace(one: UnitReading, other: UnitReading): number {
  return comparePlaces(placeOf(one), placeOf(other));
}
