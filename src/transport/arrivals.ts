import type { LinkEvents } from './link.ts';

/** More than these are handed on before the turn is over. */
const chunksMax = 128;
/**
 * As are more bytes than these: within one turn a socket whose peer sends without end is read up to 32 times, and only what has been handed on can make its connection
 * stop reading.
 */
const bytesMax = 65_536;

/** Who is told of the turns of the loop in which something arrives. */
export interface TurnWatcher {
  /** All that arrived has been handed on. */
  turnHandled(): void;
  /** What that led to has been done as well. */
  turnOver(): void;
}

/**
 * What arrives on many connections in one turn of the loop, handed on in one go: between two system calls the processor forgets the code that it
 * ran, and frames one after another cost less than frames with a `read` before each (docs/benchmarks.md).
 */
export class Arrivals {
  /** Of the same connection at the same index. Not made anew for each turn: lists that grow take as much again. */
  readonly #events: (LinkEvents | undefined)[] = [];
  readonly #chunks: (Uint8Array | undefined)[] = [];
  #count = 0;
  #bytes = 0;
  #scheduled = false;
  readonly #watcher: TurnWatcher | undefined;

  constructor(watcher?: TurnWatcher) {
    this.#watcher = watcher;
  }

  /** A connection's listener by way of these arrivals: what it has sent is handed on before anything else that happens to it. */
  before(events: LinkEvents): LinkEvents {
    return new Arriving(this, events);
  }

  /** The bytes must not change until they are handed on, which is before the turn is over. */
  add(events: LinkEvents, bytes: Uint8Array): void {
    this.#events[this.#count] = events;
    this.#chunks[this.#count] = bytes;
    this.#count += 1;
    this.#bytes += bytes.length;
    if (this.#count >= chunksMax || this.#bytes >= bytesMax) this.handOn();
    this.begin();
  }

  /** Something has come in this turn, be it on no connection: the turn has an end. */
  begin(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#endTurn);
    // Between the two, promises are settled that the first has led to.
    if (this.#watcher !== undefined) setImmediate(this.#turnOver);
  }

  readonly #endTurn = (): void => {
    this.#scheduled = false;
    this.handOn();
    this.#watcher?.turnHandled();
  };

  readonly #turnOver = (): void => {
    this.#watcher?.turnOver();
  };

  handOn(): void {
    // What comes while it is handed on comes behind.
    for (let index = 0; index < this.#count; index += 1) {
      const [events, chunk] = [this.#events[index], this.#chunks[index]];
      this.#events[index] = undefined;
      this.#chunks[index] = undefined;
      if (chunk !== undefined) events?.data(chunk);
    }
    this.#count = 0;
    this.#bytes = 0;
  }
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
