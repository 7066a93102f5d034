import type { GapRecord } from '../../src/core/gap.ts';
import type { GapKeeper } from '../../src/server/gap-keeper.ts';

/** Gaps as a store has them, and how often they were written. */
export class KeptGaps implements GapKeeper {
  readonly byNumber = new Map<number, GapRecord>();
  writes = 0;
  #number = 0;

  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  keep(gap: GapRecord): void {
    this.writes += 1;
    this.byNumber.set(gap.number, gap);
  }

  forget({ number }: GapRecord): void {
    this.writes += 1;
    this.byNumber.delete(number);
  }

  /** All of them, oldest first: reason, from, how far filled, to; in seconds. */
  get told(): string[] {
    return [...this.byNumber.values()]
      .toSorted((a, b) => a.fromMs - b.fromMs || a.number - b.number)
      .map(({ reason, sensor, id, fromMs, filledMs, toMs, count }) =>
        [
          reason,
          ...(sensor === undefined ? [] : [sensor]),
          ...(id === undefined ? [] : [id]),
          ...(count === undefined ? [] : [`×${count}`]),
          `${fromMs / 1000}${filledMs > fromMs ? `>${filledMs / 1000}` : ''}-${toMs === undefined ? '' : toMs / 1000}`,
        ].join(' '),
      );
  }
}
