import type { Dropped } from './contract.ts';
import { joinDropped } from './dropped.ts';

/** Readings that were lost since somebody last asked, by reason. */
export class LostReadings {
  readonly #byReason = new Map<Dropped['reason'], Dropped>();

  add(dropped: Dropped): void {
    if (dropped.count === 0) return;
    this.#byReason.set(dropped.reason, joinDropped(this.#byReason.get(dropped.reason), dropped));
  }

  take(): readonly Dropped[] {
    if (this.#byReason.size === 0) return [];
    const dropped = [...this.#byReason.values()];
    this.#byReason.clear();
    return dropped;
  }
}
