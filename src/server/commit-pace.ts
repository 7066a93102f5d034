/** How much a store gains when more is joined into one commit. */
export interface Joining {
  /** A batch of so many waiters is committed without waiting for more. */
  readonly waitersMax: number;
  /** The longest that a batch is gathered, in milliseconds. */
  readonly delayMsMax: number;
}

/**
 * For a store without fsync: a batch goes before the turn is over, while what its answers need is still in the processor's cache, where a
 * thousand connections do not fit.
 */
export const joinLittle: Joining = { waitersMax: 64, delayMsMax: 0 };
/** For a store that syncs each commit to a disk. */
export const joinMuch: Joining = { waitersMax: 512, delayMsMax: 8 };

/** What arrives is counted for so long before it is judged. */
const windowMs = 50;
/** So few connections are always in one batch: none of them sends more before it has its answer, or they fill a batch by themselves. */
const alwaysJoined = 4;
/** At this rate, and above it in proportion, a batch is gathered for a millisecond. */
const perSecondADelayMs = 500;

/**
 * How long a batch is gathered: not at all for a few connections, up to the store's maximum for thousands of readings a second, of which each would
 * otherwise be a commit, an fsync and a turn of the loop for a handful.
 */
export class CommitPace {
  readonly joining: Joining;
  #window = 1;
  #startMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #connections = 0;
  #delayMs = 0;
  #lately = { connections: 0, perSecond: 0 };

  constructor(joining: Joining) {
    this.joining = joining;
  }

  /** Connections that sent something in the window that was judged last. */
  get connections(): number {
    return this.#lately.connections;
  }

  /** What arrived in it, by the second. */
  get perSecond(): number {
    return this.#lately.perSecond;
  }

  /** Something arrived of a connection that was last counted in `window`, 0 for never. Answers the window to keep for it. */
  arrived(window: number): number {
    this.#count += 1;
    if (window !== this.#window) this.#connections += 1;
    return this.#window;
  }

  /** Milliseconds to gather from the first of a batch on, asked when it has come. */
  delayMs(nowMs: number): number {
    const passedMs = nowMs - this.#startMs;
    if (passedMs < windowMs) return this.#delayMs;
    // After a silence the first to come is not kept waiting.
    const perSecond = (this.#count * 1_000) / passedMs;
    this.#delayMs =
      this.#connections <= alwaysJoined ? 0 : Math.min(this.joining.delayMsMax, perSecond / perSecondADelayMs);
    this.#lately = { connections: this.#connections, perSecond };
    this.#startMs = nowMs;
    this.#window += 1;
    this.#count = 0;
    this.#connections = 0;
    return this.#delayMs;
  }
}
