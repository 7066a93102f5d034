import type { SeriesName } from '../core/reading.ts';
import { joined } from '../core/short-list.ts';
import { sharedSeries, textOfSeries } from './shared-series.ts';

/** Of all units that have sent none yet. */
const none: readonly SeriesName[] = [];
/** Up to here a series is found as quickly by looking at all of them. */
const listedMax = 32;

/** The series of a unit since the server started, so that there are no more of them than there may be. */
export class SeriesRoster {
  /** The first of them in the order of the rounds, so that the next reading is, as a rule, of the one at `#expected`. */
  #listed = none;
  #expected = 0;
  /** Those that are not listed, by their text; most units have none. */
  #others: Set<string> | undefined;

  get size(): number {
    return this.#listed.length + (this.#others?.size ?? 0);
  }

  /** Whether the series is one of at most `seriesMax`; a new one is from now on, where there is room. On the path of every reading. */
  takes(series: SeriesName, seriesMax: number): boolean {
    const expected = this.#listed[this.#expected];
    if (expected?.sensor === series.sensor && expected.id === series.id) {
      this.#expected += 1;
      return true;
    }
    return this.#find(series) || this.#add(series, seriesMax);
  }

  #find(series: SeriesName): boolean {
    const { sensor, id } = series;
    const place = this.#listed.findIndex((one) => one.sensor === sensor && one.id === id);
    if (place < 0) return this.#others?.has(textOfSeries(series)) === true;
    this.#expected = place + 1;
    return true;
  }

  #add(series: SeriesName, seriesMax: number): boolean {
    if (this.size >= seriesMax) return false;
    if (this.#listed.length < listedMax) {
      this.#listed = joined(this.#listed, sharedSeries(series));
      this.#expected = this.#listed.length;
    } else {
      this.#others ??= new Set();
      this.#others.add(textOfSeries(series));
    }
    return true;
  }
}
