import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** How often it is said that the store takes nothing, while that lasts. */
const tellEveryMs = 60_000;

export interface StoreTroubleOptions {
  readonly clock: Clock;
  readonly report: Log;
  /** The store takes again what it did not take before. */
  readonly over: () => void;
}

/** Says that the store takes nothing, and that it does again: in the log, and to whoever asks how the server is. */
export class StoreTrouble {
  readonly #options: StoreTroubleOptions;
  #problem: string | undefined;
  #toldMs = 0;

  constructor(options: StoreTroubleOptions) {
    this.#options = options;
  }

  /** A sentence for a person; none while commits succeed. */
  get problems(): readonly string[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** A commit failed, with the store's words; or, undefined, one succeeded after that. */
  readonly note = (words: string | undefined): void => {
    const { clock, report, over } = this.#options;
    const nowMs = clock.monotonicMs();
    const isNew = this.#problem === undefined;
    this.#problem = words === undefined ? undefined : `the store takes nothing: ${words}`;
    if (words === undefined) {
      report('info', 'store-available', {});
      over();
    } else if (isNew || nowMs - this.#toldMs >= tellEveryMs) {
      this.#toldMs = nowMs;
      report('error', 'store-unavailable', { reason: words });
    }
  };
}
