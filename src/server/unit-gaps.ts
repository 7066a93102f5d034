import type { GapRecord } from '../core/gap.ts';
import { limits } from '../core/limits.ts';
import { append } from '../core/short-list.ts';
import type { GapKeeper } from './gap-keeper.ts';

export interface UnitGapsOptions {
  readonly clientId: string;
  readonly keeper: GapKeeper;
  /** Milliseconds between two rounds that are no gap yet. */
  lateMs(): number;
  /** The unit sends later what it could not send: a v2 unit does. */
  keepsBacklog(): boolean;
}

/** A stretch without readings, while a backlog may still fill it: from `filledMs` to `toMs` nothing has come. */
interface Hole {
  readonly number: number;
  reason: 'lost' | 'host-off' | 'left';
  fromMs: number;
  filledMs: number;
  /** Undefined while it lasts. */
  toMs: number | undefined;
  lateReadings: number;
}

/** What a client says that it could not keep. */
export interface DroppedReadings {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** How far a hole is filled is stored with the first reading that does so and then with each so many. The next server reads again what came after. */
const readingsAKeep = 64;

/** Of all units that have none; never changed. */
const none: Hole[] = [];

/**
 * The gaps of one unit as a whole: when it was gone, and what came of it. All times are those of its readings, by its own clock. A backlog comes in the
 * order in which it was taken, so a hole is filled from its beginning; a jump in the backlog is time in which nothing was taken.
 */
export class UnitGaps {
  readonly #options: UnitGapsOptions;
  /** Oldest first, by the unit's clock; one at most still lasts. */
  #holes = none;
  /** -Infinity for none: a number takes the place of a number without anything being made, which a thousand times a second counts. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #dropped: GapRecord | undefined;
  /** It is back, and the next round tells whether it goes on: a client that slept begins with a round that it took before. */
  #settling = false;
  #recall: { readonly fromMs: number; readonly toMs: number } | undefined;

  constructor(options: UnitGapsOptions) {
    this.#options = options;
  }

  /** Takes up what the last server knew: gaps in the order of their numbers, and the time of the newest reading. */
  restore(gaps: readonly GapRecord[], newestMs: number | undefined): void {
    if (newestMs !== undefined) this.#newestMs = newestMs;
    for (const { number, reason, fromMs, filledMs, toMs } of gaps) {
      if (reason !== 'lost' && reason !== 'host-off' && reason !== 'left') continue;
      this.#holes = append(this.#holes, { number, reason, fromMs, filledMs, toMs, lateReadings: 1 });
      if (filledMs > fromMs) this.#recall = { fromMs: filledMs, toMs: toMs ?? Number.POSITIVE_INFINITY };
    }
    this.#holes.sort((a, b) => a.fromMs - b.fromMs);
  }

  /** From when to when the stored readings have to be given to `late` once more, before new ones are: where the last server saw a gap filled. */
  takeRecall(): { readonly fromMs: number; readonly toMs: number } | undefined {
    const recall = this.#recall;
    this.#recall = undefined;
    return recall;
  }

  /** Nothing is to be expected of the unit for now. */
  ended(reason: 'lost' | 'left'): void {
    if (this.#newestMs === Number.NEGATIVE_INFINITY || this.#open !== undefined) return;
    this.#settling = false;
    this.#keep(this.#add(reason, this.#newestMs, undefined));
  }

  /** A live round begins, taken at `timeMs`. */
  round(timeMs: number): void {
    this.#newestMs = timeMs;
    const hole = this.#holes.length === 0 ? undefined : this.#open;
    if (hole !== undefined) this.#end(hole, timeMs);
  }

  /** A reading of a backlog was taken at `timeMs`. */
  late(timeMs: number): void {
    for (let index = this.#holes.length - 1; index >= 0; index -= 1) {
      const hole = this.#holes[index];
      if (hole === undefined || timeMs <= hole.filledMs) continue;
      if (hole.toMs === undefined || timeMs < hole.toMs) this.#fill(hole, timeMs);
      return;
    }
  }

  /** The client could not keep some readings. What it tells again, or bit by bit, is one gap. */
  dropped({ fromMs, toMs, count }: DroppedReadings): void {
    const { clientId, keeper } = this.#options;
    const lateMs = this.#options.lateMs();
    const before = this.#dropped;
    const beforeToMs = before?.toMs ?? Number.NEGATIVE_INFINITY;
    if (before !== undefined && fromMs >= before.fromMs && toMs <= beforeToMs) return;
    const joins = before !== undefined && fromMs <= beforeToMs + lateMs && toMs >= before.fromMs - lateMs;
    const firstMs = joins ? Math.min(fromMs, before.fromMs) : fromMs;
    this.#dropped = {
      clientId,
      number: joins ? before.number : keeper.nextNumber(),
      reason: 'spool-dropped',
      fromMs: firstMs,
      filledMs: firstMs,
      toMs: joins ? Math.max(toMs, beforeToMs) : toMs,
      count: count + (joins ? (before.count ?? 0) : 0),
    };
    keeper.keep(this.#dropped);
    // From the end: one that is explained is taken out.
    for (const hole of this.#holes.toReversed()) this.#explain(hole);
  }

  get #open(): Hole | undefined {
    return this.#holes.find(({ toMs }) => toMs === undefined);
  }

  #end(hole: Hole, timeMs: number): void {
    const lateMs = this.#options.lateMs();
    if (timeMs <= hole.filledMs) {
      // Its clock was set back, and nobody can say how long it was away; or it sends its last round once more.
      if (timeMs < hole.filledMs - lateMs) this.#forget(hole);
      return;
    }
    if (timeMs - hole.filledMs > lateMs) {
      hole.toMs = timeMs;
      if (hole.reason === 'lost' && this.#options.keepsBacklog()) hole.reason = 'host-off';
      if (!this.#explain(hole)) this.#keep(hole);
    } else if (hole.filledMs > hole.fromMs) {
      this.#complete(hole, timeMs);
    } else if (this.#settling) {
      this.#forget(hole);
    } else {
      this.#settling = true;
      hole.fromMs = timeMs;
      hole.filledMs = timeMs;
    }
  }

  #fill(hole: Hole, timeMs: number): void {
    const lateMs = this.#options.lateMs();
    if (timeMs - hole.filledMs > lateMs) {
      this.#split(hole, timeMs, lateMs);
      return;
    }
    hole.filledMs = timeMs;
    if (hole.toMs !== undefined && hole.toMs - timeMs <= lateMs) {
      this.#complete(hole, hole.toMs);
      return;
    }
    if (hole.lateReadings % readingsAKeep === 0) this.#keep(hole);
    hole.lateReadings += 1;
  }

  /** The backlog goes on at `timeMs`, and has nothing of the time before. */
  #split(hole: Hole, timeMs: number, lateMs: number): void {
    const { toMs, reason } = hole;
    hole.toMs = timeMs;
    if (reason === 'lost') hole.reason = 'host-off';
    if (!this.#explain(hole)) this.#keep(hole);
    if (toMs === undefined || toMs - timeMs > lateMs) this.#keep(this.#add(reason, timeMs, toMs));
  }

  #add(reason: Hole['reason'], fromMs: number, toMs: number | undefined): Hole {
    const number = this.#options.keeper.nextNumber();
    const hole: Hole = { number, reason, fromMs, filledMs: fromMs, toMs, lateReadings: 0 };
    this.#holes = append(this.#holes, hole);
    this.#holes.sort((a, b) => a.fromMs - b.fromMs);
    if (this.#holes.length > limits.fillableGapsMax) {
      const oldest = this.#holes.find((one) => one.toMs !== undefined);
      if (oldest !== undefined) this.#remove(oldest);
    }
    return hole;
  }

  #complete(hole: Hole, toMs: number): void {
    hole.filledMs = toMs;
    hole.toMs = toMs;
    this.#keep(hole);
    this.#remove(hole);
  }

  /** Where what was not filled is what the client dropped, the gap that says so is enough. True where it is. */
  #explain(hole: Hole): boolean {
    const { fromMs, toMs } = this.#dropped ?? {};
    if (fromMs === undefined || toMs === undefined || hole.toMs === undefined) return false;
    const lateMs = this.#options.lateMs();
    if (fromMs > hole.filledMs + lateMs || toMs < hole.toMs - lateMs) return false;
    if (hole.filledMs > hole.fromMs) this.#complete(hole, hole.filledMs);
    else this.#forget(hole);
    return true;
  }

  #keep(hole: Hole): void {
    this.#options.keeper.keep(this.#recordOf(hole));
  }

  #forget(hole: Hole): void {
    this.#settling = false;
    this.#options.keeper.forget(this.#recordOf(hole));
    this.#remove(hole);
  }

  #remove(hole: Hole): void {
    const index = this.#holes.indexOf(hole);
    if (index >= 0) this.#holes.splice(index, 1);
  }

  #recordOf({ number, reason, fromMs, filledMs, toMs }: Hole): GapRecord {
    return { clientId: this.#options.clientId, number, reason, fromMs, filledMs, toMs };
  }
}
