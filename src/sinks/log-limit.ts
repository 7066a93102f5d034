import type { Clock } from '../core/clock.ts';
import type { Fields, Level } from '../core/log.ts';
import { TokenBucket } from '../core/token-bucket.ts';

export interface LogLimitOptions {
  /** As it is now, with a second's worth at once. Bytes of a line, in the longest of its formats. */
  readonly bytesPerSecondMax: () => number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
}

const tellMs = 1_000;

/**
 * How much a log may take. What peers cause is summarised event by event and client by client (`createRepeats`); this bounds the sum of all, so that nobody fills a disk with lines.
 * A line is let through while there is any room, so one that is longer than the room left is owed, and what is dropped need not be written out to be measured.
 */
export class LogLimit {
  readonly #options: LogLimitOptions;
  #bytesPerSecond = 0;
  #bucket: TokenBucket | undefined;
  /** By the name of the event, of which the program has a few dozen. */
  readonly #dropped = new Map<string, number>();
  #cancelTell: (() => void) | undefined;
  #say: (fields: Fields) => void = () => undefined;

  constructor(options: LogLimitOptions) {
    this.#options = options;
  }

  /** `say` logs a `log-dropped` with these fields; it is called once a second at most. */
  tell(say: (fields: Fields) => void): void {
    this.#say = say;
  }

  /** Whether a line of this event may be written now; one that may not is counted. Errors and what this limit says of itself always may. */
  admits(level: Level, event: string): boolean {
    if (level === 'error' || event === 'log-dropped' || this.#current().waitMs(this.#nowMs, 1) === 0) return true;
    this.#dropped.set(event, (this.#dropped.get(event) ?? 0) + 1);
    this.#cancelTell ??= this.#options.clock.after(tellMs, () => {
      this.#tell();
    });
    return false;
  }

  /** A line of so many bytes was written. */
  spend(bytes: number): void {
    this.#current().spend(this.#nowMs, bytes);
  }

  /** Says what has not been said. */
  close(): void {
    this.#cancelTell?.();
    this.#tell();
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #current(): TokenBucket {
    const bytesPerSecond = this.#options.bytesPerSecondMax();
    if (this.#bucket === undefined || bytesPerSecond !== this.#bytesPerSecond) {
      this.#bucket = new TokenBucket({ perSecond: bytesPerSecond, burst: bytesPerSecond }, this.#nowMs);
      this.#bytesPerSecond = bytesPerSecond;
    }
    return this.#bucket;
  }

  #tell(): void {
    this.#cancelTell = undefined;
    if (this.#dropped.size === 0) return;
    const dropped = [...this.#dropped];
    this.#dropped.clear();
    const count = dropped.reduce((sum, [, ofEvent]) => sum + ofEvent, 0);
    const events = dropped
      .toSorted(([, a], [, b]) => b - a)
      .map(([event, ofEvent]) => `${event} ${ofEvent}`)
      .join(', ');
    this.#say({ count, events });
  }
}
