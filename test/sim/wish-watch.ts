import type { UnitView } from '../../src/core/unit.ts';
import type { IntervalBook } from './interval-book.ts';
import type { Stage } from './stage.ts';

/** How long an interval that the store has may be untold to a unit that is there. */
const untoldMsMax = 2_000;

/** Finds intervals that are wanted, stored, and told to nobody: their unit would never converge. */
export class WishWatch {
  readonly #stage: Stage;
  readonly #book: IntervalBook;
  readonly #untoldMs = new Map<string, number>();

  constructor(stage: Stage, book: IntervalBook) {
    this.#stage = stage;
    this.#book = book;
  }

  /** `idle`: the store has nothing in hand and the server's loop turns, and so it was since the last look. */
  look(units: readonly UnitView[], idle: boolean): void {
    for (const { client_id: clientId, v, state, interval } of units) {
      const key = `${clientId} ${interval.rev}`;
      const untold = v === 2 && state === 'online' && !this.#book.wasTold(clientId, interval.rev);
      if (!idle || !untold) {
        this.#untoldMs.delete(key);
        continue;
      }
      const sinceMs = this.#untoldMs.get(key) ?? this.#stage.nowMs;
      this.#untoldMs.set(key, sinceMs);
      const untoldMs = this.#stage.nowMs - sinceMs;
      this.#stage.check(untoldMs <= untoldMsMax, () => `${clientId} is not told revision ${interval.rev}`);
    }
  }
}
