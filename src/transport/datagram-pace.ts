import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { TokenBucket } from '../core/token-bucket.ts';

export interface DatagramPaceOptions {
  /** As it is now, with a second's worth at once. */
  readonly perSecondMax: () => number;
  readonly clock: Clock;
  readonly report: Log;
}

const tellMs = 1_000;

/** How many datagrams a server sends: whoever makes it send more than that has it drop them, and it says so once a second. */
export class DatagramPace {
  readonly #options: DatagramPaceOptions;
  #perSecond = 0;
  #bucket: TokenBucket | undefined;
  #dropped = 0;
  #cancelTell: (() => void) | undefined;

  constructor(options: DatagramPaceOptions) {
    this.#options = options;
  }

  /** Whether one more may go out now; one that may not is counted as dropped. */
  admits(): boolean {
    const { perSecondMax, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const perSecond = perSecondMax();
    if (this.#bucket === undefined || perSecond !== this.#perSecond) {
      this.#bucket = new TokenBucket({ perSecond, burst: perSecond }, nowMs);
      this.#perSecond = perSecond;
    }
    if (this.#bucket.take(nowMs)) return true;
    this.#dropped += 1;
    this.#cancelTell ??= clock.after(tellMs, () => {
      this.#tell();
    });
    return false;
  }

  /** Says what has not been said. */
  close(): void {
    this.#cancelTell?.();
    this.#tell();
  }

  #tell(): void {
    this.#cancelTell = undefined;
    const count = this.#dropped;
    this.#dropped = 0;
    if (count > 0) this.#options.report('warn', 'datagrams-dropped', { count });
  }
}
