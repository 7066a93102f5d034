import { AcknowledgementTimes, type TurnOfReadings } from './acknowledgement-times.ts';
import type { ServerCounts } from './contract.ts';

/** What the commits so far have done. It is counted by commit: a reading costs nothing more. */
export class IntakeTally {
  readonly #times = new AcknowledgementTimes();
  #readings = 0;
  #duplicates = 0;
  #stored = 0;
  #failed = 0;

  /** A commit with so many readings is through, and all of them have been acknowledged. */
  stored(
    readings: number,
    { duplicates, turns, nowMs }: { duplicates: number; turns: readonly TurnOfReadings[]; nowMs: number },
  ): void {
    this.#stored += 1;
    this.#readings += readings - duplicates;
    this.#duplicates += duplicates;
    this.#times.add(turns, readings, nowMs);
  }

  failed(): void {
    this.#failed += 1;
  }

  view(): Omit<ServerCounts, 'startedMs' | 'connections' | 'readingsWaiting'> {
    return {
      readingsStored: this.#readings,
      readingsDuplicate: this.#duplicates,
      commitsStored: this.#stored,
      commitsFailed: this.#failed,
      acknowledgement: this.#times.view(),
    };
  }
}
