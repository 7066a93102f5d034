import type { Clock } from '../core/clock.ts';
import type { Loop } from '../core/loop.ts';

/** What the rate and the loop are judged by. */
const windowMs = 50;
/** Fewer connections that send within a window are never kept waiting. */
const connectionsMin = 64;
/** At this rate, and above it in proportion, the loop rests for a millisecond. */
const perSecondARestMs = 500;
/** It is what an answer may come later. */
const restMsMax = 10;
/** Less joins nothing. */
const restMsMin = 2;
/** What is left of a rest and not worth going to sleep for. */
const worthMs = 0.5;
/** A turn that brought so many frames was joined without a rest. */
const joinedMin = 128;
/** A loop that has less than this share of its time to spare needs it. */
const idleShareMin = 0.5;

export interface RestsOptions {
  readonly clock: Clock;
  readonly loop: Loop;
  /** Of what arrived lately. */
  readonly pace: { readonly connections: number; readonly perSecond: number };
}

/**
 * Lets the loop rest for some milliseconds after a turn in which frames arrived, where thousands a second come one by one from many connections: each
 * would wake the process, which costs more than the frame. After a rest dozens are there at once, and the store's word on those before. A
 * few connections are never kept waiting by it, nor is a loop that has no time to spare: there, frames are joined anyway.
 */
export class Rests {
  readonly #options: RestsOptions;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #idleMs = 0;
  #restedMs = 0;
  #restMs = 0;
  /** When the last commit began. */
  #begunMs = Number.NEGATIVE_INFINITY;

  constructor(options: RestsOptions) {
    this.#options = options;
  }

  /** From one commit to the next, as things are; 0 where the loop does not rest. */
  get restMs(): number {
    return this.#restMs;
  }

  /** Whether the turn may end with a commit that the loop's rest is for. */
  mayCommit(): boolean {
    return this.#restMs > 0 && this.#leftMs(this.#options.clock.monotonicMs()) < worthMs;
  }

  /** A commit begins. */
  committed(): void {
    if (this.#restMs > 0) this.#begunMs = this.#options.clock.monotonicMs();
  }

  /** A turn is over that brought `frames`. Returns after the rest, if there is one. */
  turnOver(frames: number): void {
    const { clock, loop } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#sinceMs >= windowMs) this.#judge(nowMs);
    const leftMs = this.#leftMs(nowMs);
    if (this.#restMs === 0 || frames >= joinedMin || leftMs < worthMs) return;
    loop.rest(leftMs);
    this.#restedMs += clock.monotonicMs() - nowMs;
  }

  #leftMs(nowMs: number): number {
    return Math.min(this.#restMs, this.#begunMs + this.#restMs - nowMs);
  }

  #judge(nowMs: number): void {
    const { loop, pace } = this.#options;
    const idleMs = loop.idleMs();
    const idleShare = (idleMs - this.#idleMs + this.#restedMs) / (nowMs - this.#sinceMs);
    const { connections, perSecond } = pace;
    const restMs = Math.min(restMsMax, perSecond / perSecondARestMs);
    const pays = connections >= connectionsMin && restMs >= restMsMin && idleShare >= idleShareMin;
    this.#restMs = pays ? restMs : 0;
    this.#sinceMs = nowMs;
    this.#idleMs = idleMs;
    this.#restedMs = 0;
  }
}
