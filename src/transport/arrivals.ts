import type { LinkEvents } from './link.ts';

/** More than these are handed on before the turn is over. */
const chunksMax = 128;

/**
 * What arrives on many connections in one turn of the loop, handed on in one go: between two system calls the processor forgets the code that it
 * ran, and frames one after another cost less than frames with a `read` before each (docs/benchmarks.md).
 */
export class Arrivals {
  #events: LinkEvents[] = [];
  #chunks: Uint8Array[] = [];
  #scheduled = false;

  /** A connection's listener by way of these arrivals: what it has sent is handed on before anything else that happens to it. */
  before(events: LinkEvents): LinkEvents {
    return new Arriving(this, events);
  }

  /** The bytes must not change until they are handed on, which is before the turn is over. */
  add(events: LinkEvents, bytes: Uint8Array): void {
    this.#events.push(events);
    this.#chunks.push(bytes);
    if (this.#chunks.length >= chunksMax) this.handOn();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.handOn);
    }
  }

  readonly handOn = (): void => {
    this.#scheduled = false;
    const events = this.#events;
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.#events = [];
    this.#chunks = [];
    for (const [index, bytes] of chunks.entries()) events[index]?.data(bytes);
  };
}

/** A connection's listener as the socket sees it. */
class Arriving implements LinkEvents {
  readonly #arrivals: Arrivals;
  readonly #events: LinkEvents;

  constructor(arrivals: Arrivals, events: LinkEvents) {
    this.#arrivals = arrivals;
    this.#events = events;
  }

  data(bytes: Uint8Array): void {
    this.#arrivals.add(this.#events, bytes);
  }

  drained(): void {
    this.#arrivals.handOn();
    this.#events.drained();
  }

  ended(): void {
    this.#arrivals.handOn();
    this.#events.ended();
  }

  closed(reason: string): void {
    this.#arrivals.handOn();
    this.#events.closed(reason);
  }
}
