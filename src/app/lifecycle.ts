import type { Clock } from '../core/clock.ts';

/** Parts that were started and how to stop them: in reverse order, within one deadline. */
export class Lifecycle {
  readonly #stops: (() => Promise<void> | void)[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `stop` undoes what was just started. */
  onStop(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  /** Stops everything. What does not stop within `deadlineMs`, all together, is left to the end of the process. */
  async stop(deadlineMs: number): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + deadlineMs;
    for (const stop of this.#stops.splice(0).toReversed()) {
      await this.#within(untilMs - this.#clock.monotonicMs(), stop);
    }
  }

  async #within(delayMs: number, stop: () => Promise<void> | void): Promise<void> {
    let cancel: (() => void) | undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = this.#clock.after(Math.max(0, delayMs), resolve);
    });
    await Promise.race([stop(), timeout]);
    cancel?.();
  }
}
