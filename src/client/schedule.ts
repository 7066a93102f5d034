import type { Clock } from '../core/clock.ts';

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly intervalSeconds: number;
  /** Does one round; the next is not begun before it is through. */
  readonly round: () => Promise<void>;
}

/** Calls for a round at each interval. A change takes effect at once: the next round is due one new interval after the last. */
export class Schedule {
  readonly #options: ScheduleOptions;
  #intervalMs: number;
  #lastMs: number;
  #cancel: (() => void) | undefined;
  #busy = false;
  #stopped = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalSeconds * 1000;
    this.#lastMs = options.clock.monotonicMs();
  }

  /** Seconds between two rounds. */
  get intervalSeconds(): number {
    return this.#intervalMs / 1000;
  }

  /** Begins with a round. */
  start(): void {
    void this.#round(this.#options.clock.monotonicMs());
  }

  setInterval(seconds: number): void {
    this.#intervalMs = seconds * 1000;
    if (!this.#busy) this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #round(dueMs: number): Promise<void> {
    this.#busy = true;
    this.#lastMs = dueMs;
    await this.#options.round();
    this.#busy = false;
    this.#arm();
  }

  #arm(): void {
    this.#cancel?.();
    if (this.#stopped) return;
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // Rounds that were missed - a machine that slept, a sensor that took long - are not made up for.
    const missed = Math.max(0, Math.floor((nowMs - this.#lastMs) / this.#intervalMs) - 1);
    const dueMs = this.#lastMs + (missed + 1) * this.#intervalMs;
    this.#cancel = clock.after(Math.max(0, dueMs - nowMs), () => {
      void this.#round(Math.max(dueMs, nowMs));
    });
  }
}
