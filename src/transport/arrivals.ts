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
    return {
      data: (bytes) => {
        this.#add(events, bytes);
      },
      drained: () => {
        this.#handOn();
        events.drained();
      },
      ended: () => {
        this.#handOn();
        events.ended();
      },
      closed: (reason) => {
        this.#handOn();
        events.closed(reason);
      },
    };
  }

  /** The bytes must not change until they are handed on, which is before the turn is over. */
  #add(events: LinkEvents, bytes: Uint8Array): void {
    this.#events.push(events);
    this.#chunks.push(bytes);
    if (this.#chunks.length >= chunksMax) this.#handOn();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#handOn);
    }
  }

  readonly #handOn = (): void => {
    this.#scheduled = false;
    const events = this.#events;
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.#events = [];
    this.#chunks = [];
    for (const [index, bytes] of chunks.entries()) events[index]?.data(bytes);
  };
}
