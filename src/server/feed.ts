import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import type { Feed } from './contract.ts';

type Listener = Parameters<Feed['subscribe']>[0];

/** Tells everybody who listens - the log, event streams - what happens, as it happens. */
export class LiveFeed implements Feed {
  readonly #listeners = new Set<Listener>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Publishes an event of the outside contract. */
  readonly report: Log = (level, event, fields = {}) => {
    const timeMs = this.#clock.wallMs();
    for (const listener of this.#listeners) listener.event({ timeMs, level, event, fields });
  };

  readings(readings: readonly UnitReading[]): void {
    const timeMs = this.#clock.wallMs();
    for (const listener of this.#listeners) listener.readings({ timeMs, readings });
  }
}
