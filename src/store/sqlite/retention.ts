import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { AgeClock } from './age-clock.ts';
import type { RetainStep } from './messages.ts';

/** How often to look for what is too old. */
const everyMs = 60_000;

export interface RetentionOptions {
  readonly clock: Clock;
  /** One step; `nowMs` is undefined while the clock is not to be trusted. */
  readonly step: (nowMs: number | undefined) => Promise<RetainStep>;
  /** It could not be done now; it is tried again in a minute. */
  readonly failed: (error: unknown) => void;
}

/** Keeps the store within its age and its budget, in steps between which it commits what comes in. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #ageClock: AgeClock;
  #cancel: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#ageClock = new AgeClock(options.clock);
    this.#round();
  }

  /** Resolves when the step in hand has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  #round(): void {
    this.#running = this.#drop()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.failed(error);
      })
      .then(() => {
        if (this.#stopped) return;
        this.#cancel = this.#options.clock.after(everyMs, () => {
          this.#round();
        });
      });
  }

  async #drop(): Promise<void> {
    for (;;) {
      if (this.#stopped) return;
      const { more } = await this.#options.step(this.#ageClock.nowMs());
      if (!more) return;
      await nextTurn();
    }
  }
}
