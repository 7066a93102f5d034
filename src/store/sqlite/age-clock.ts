import type { Clock } from '../../core/clock.ts';

/** A step of the clock by more than this is no correction but a fault, or the end of one. */
const stepMsMax = 3_600_000;
/** How long the clock has to run on evenly after such a step before it is trusted again. */
const trustMs = 86_400_000;

/**
 * The wall clock, as far as it may decide what is too old: a clock that jumps years ahead for a moment must not cost the whole history. A machine that
 * slept looks the same, and only drops later.
 */
export class AgeClock {
  readonly #clock: Clock;
  #aheadMs: number;
  #distrustedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#aheadMs = clock.wallMs() - clock.monotonicMs();
  }

  /** Milliseconds since 1970; undefined for a day after the clock was set ahead. */
  nowMs(): number | undefined {
    const wallMs = this.#clock.wallMs();
    const monotonicMs = this.#clock.monotonicMs();
    const aheadMs = wallMs - monotonicMs;
    if (aheadMs - this.#aheadMs > stepMsMax) this.#distrustedUntilMs = monotonicMs + trustMs;
    // Set back to what it was: the fault is over.
    if (this.#aheadMs - aheadMs > stepMsMax) this.#distrustedUntilMs = Number.NEGATIVE_INFINITY;
    this.#aheadMs = aheadMs;
    return monotonicMs < this.#distrustedUntilMs ? undefined : wallMs;
  }
}
