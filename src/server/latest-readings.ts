import { limits } from '../core/limits.ts';
import type { TakenReading } from '../core/reading.ts';
import { joined } from '../core/short-list.ts';
import { viewOfReading, type ReadingView } from '../core/unit.ts';
import { LatestReading } from './latest-reading.ts';
import { placeOf } from './series-place.ts';

/** Of all units that have sent none yet. */
const none: readonly LatestReading[] = [];

/** The newest reading of each series of a unit. */
export class LatestReadings {
  /** In the order of the rounds, so that the next reading is, as a rule, of the series after that which was taken last. */
  #readings = none;
  #expected = 0;

  /** One that comes late from a backlog replaces nothing newer. */
  take(reading: TakenReading): void {
    const place = placeOf(this.#readings, this.#expected, reading);
    const newest = this.#readings[place];
    if (newest === undefined) {
      if (place >= limits.latestSeriesMax) return;
      this.#readings = joined(this.#readings, new LatestReading(reading));
    } else if (newest.time <= reading.time) {
      newest.replace(reading);
    }
    this.#expected = place + 1;
  }

  /** In the order in which their series were first seen. */
  get all(): readonly LatestReading[] {
    return this.#readings;
  }

  /** By sensor, each in the order in which its series were first seen. */
  view(): Readonly<Record<string, readonly ReadingView[]>> {
    // A map: a sensor may be called `constructor`, which every object has already.
    const bySensor = new Map<string, ReadingView[]>();
    for (const { sensor, reading } of this.#readings) {
      const others = bySensor.get(sensor);
      if (others === undefined) bySensor.set(sensor, [viewOfReading(reading)]);
      else others.push(viewOfReading(reading));
    }
    return Object.fromEntries(bySensor);
  }
}
