/** Readings that fall due at equal distances, unit after unit, whatever becomes of them. */
export interface ScheduleOptions {
  readonly startMs: number;
  readonly readingsPerSecond: number;
  /** Of the whole fleet. */
  readonly clients: number;
}

/**
 * When each reading is due. It is reckoned from its number and not from the one before it, so a server that answers late delays no reading, and the wait
 * counts as latency.
 */
export class Schedule {
  readonly #options: ScheduleOptions;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** When reading `seq` (from 1) of `unit` (from 0) is due. */
  dueMs(unit: number, seq: number): number {
    const { startMs, readingsPerSecond, clients } = this.#options;
    return startMs + (((seq - 1) * clients + unit) * 1_000) / readingsPerSecond;
  }
}

/** Goes through the readings of some units in the order in which they are due. `units` grow. */
export class DueReadings {
  readonly #schedule: Schedule;
  readonly #units: readonly number[];
  #place = 0;
  #seq = 1;

  constructor(schedule: Schedule, units: readonly number[]) {
    this.#schedule = schedule;
    this.#units = units;
  }

  /** When the next one is due. */
  get nextMs(): number {
    return this.#schedule.dueMs(this.#units[this.#place] ?? 0, this.#seq);
  }

  /** Calls `due` with the place of the unit in `units` for each reading that is due by `nowMs`. */
  through(nowMs: number, due: (place: number, seq: number) => void): void {
    while (this.nextMs <= nowMs) {
      due(this.#place, this.#seq);
      this.#place += 1;
      if (this.#place < this.#units.length) continue;
      this.#place = 0;
      this.#seq += 1;
    }
  }
}
