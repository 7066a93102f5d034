import type { LinkEvents } from './link.ts';

/** More than these are handed on before the turn is over. */
const chunksMax = 128;

/**
 * What arrives on many connections in one turn of the loop, handed on in one go. Between two system calls the processor forgets the code that it
 * ran; sixty frames one after another take half the time of sixty with a `read` before each.
 */
export class Arrivals {
  #events: LinkEvents[] = [];
  #chunks: Uint8Array[] = [];
  #scheduled = false;

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

  /** Hands on what has arrived until now, in its order. */
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
