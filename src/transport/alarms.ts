import type { Clock } from '../core/clock.ts';

/** Who is woken. */
export interface Sleeper {
  /** Its time has come. */
  wake(): void;
}

/** So many are woken in one turn of the loop, and the next a millisecond later: connections that all end at once must not hold up the others. */
const wakesMax = 32;
const pauseMs = 1;

/** Those who are woken by one timer. */
interface Round {
  readonly sleepers: Set<Sleeper>;
  readonly cancelTimer: () => void;
}

/**
 * Wakes many with few timers: all that are to be woken within one step of time are woken by one timer, at its end. A timer with what it calls takes
 * 300 bytes, a place in a round 30; a server has a deadline for each connection, and most of them move on before they come.
 */
export class Alarms {
  readonly #clock: Clock;
  readonly #stepMs: number;
  /** By the number of the step. */
  readonly #rounds = new Map<number, Round>();
  /** Those whose time has come, in order. */
  readonly #due = new Set<Sleeper>();
  #isWaking = false;

  constructor(clock: Clock, stepMs: number) {
    this.#clock = clock;
    this.#stepMs = stepMs;
  }

  /** Wakes `sleeper` at `atMs` of the monotonic clock, or up to a step later, and later still where hundreds are due with it. Answers the step, which `cancel` wants to know. */
  set(sleeper: Sleeper, atMs: number): number {
    const step = this.stepOf(atMs);
    const round = this.#rounds.get(step) ?? this.#begin(step);
    round.sleepers.add(sleeper);
    return step;
  }

  /** At whose end those are woken who are to be at `atMs`. */
  stepOf(atMs: number): number {
    return Math.ceil(atMs / this.#stepMs);
  }

  cancel(sleeper: Sleeper, step: number): void {
    this.#due.delete(sleeper);
    const round = this.#rounds.get(step);
    if (round?.sleepers.delete(sleeper) !== true || round.sleepers.size > 0) return;
    round.cancelTimer();
    this.#rounds.delete(step);
  }

  #begin(step: number): Round {
    const delayMs = Math.max(0, step * this.#stepMs - this.#clock.monotonicMs());
    const sleepers = new Set<Sleeper>();
    const cancelTimer = this.#clock.after(delayMs, () => {
      this.#rounds.delete(step);
      for (const sleeper of sleepers) this.#due.add(sleeper);
      if (!this.#isWaking) this.#wakeSome();
    });
    const round = { sleepers, cancelTimer };
    this.#rounds.set(step, round);
    return round;
  }

  #wakeSome(): void {
    this.#isWaking = true;
    let count = 0;
    for (const sleeper of this.#due) {
      if (count === wakesMax) {
        this.#clock.after(pauseMs, () => {
          this.#wakeSome();
        });
        return;
      }
      this.#due.delete(sleeper);
      count += 1;
      sleeper.wake();
    }
    this.#isWaking = false;
  }
}
