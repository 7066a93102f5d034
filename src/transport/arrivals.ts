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

/** Tells the listener of a connection what happens to it. One for many connections: an object before each listener is 40 bytes. */
export interface HandsOn {
  data(events: LinkEvents, bytes: Uint8Array): void;
  drained(events: LinkEvents): void;
  ended(events: LinkEvents): void;
  closed(events: LinkEvents, reason: string): void;
}

/** Without waiting for anything. */
export const handsOnAtOnce: HandsOn = {
  data: (events, bytes) => {
    events.data(bytes);
  },
  drained: (events) => {
    events.drained();
  },
  ended: (events) => {
    events.ended();
  },
  closed: (events, reason) => {
    events.closed(reason);
  },
};

/**
 * What arrives on many connections in one turn of the loop, handed on in one go: between two system calls the processor forgets the code that it
 * ran, and frames one after another cost less than frames with a `read` before each (docs/benchmarks.md). What a connection has sent is handed on before
 * anything else that happens to it.
 */
export class Arrivals implements HandsOn {
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

  /** The bytes must not change until they are handed on, which is before the turn is over. */
  data(events: LinkEvents, bytes: Uint8Array): void {
    this.#events[this.#count] = events;
    this.#chunks[this.#count] = bytes;
    this.#count += 1;
    this.#bytes += bytes.length;
    if (this.#count >= chunksMax || this.#bytes >= bytesMax) this.handOn();
    this.begin();
  }

  drained(events: LinkEvents): void {
    this.handOn();
    events.drained();
  }

  ended(events: LinkEvents): void {
    this.handOn();
    events.ended();
  }

  closed(events: LinkEvents, reason: string): void {
    this.handOn();
    events.closed(reason);
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

  /** Now. */
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
