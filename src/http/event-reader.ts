import type { EventFilter } from './event-filter.ts';
import type { HttpLimits } from './http-limits.ts';

/** What a reader needs of the answer that it writes to. */
export interface EventSocket {
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  write(chunk: string | Buffer): boolean;
  end(): void;
  destroy(): void;
}

type State = { readonly name: 'flowing' } | { readonly name: 'dropping'; readonly count: number };

/**
 * One reader of the event stream. What it has not taken yet is bounded: beyond `streamBufferedBytesMax` readings are dropped and counted until
 * it has drained, then it is told how many. Other events are few and are kept up to twice the bound; a reader that is further behind is cut
 * off, and finds the truth with GET when it is back.
 */
export class EventReader {
  readonly filter: EventFilter;
  readonly #socket: EventSocket;
  readonly #limits: HttpLimits;
  #state: State = { name: 'flowing' };
  #offeredBytes = 0;
  #takenBytes = 0;
  #stalledBeats = 0;

  constructor(socket: EventSocket, filter: EventFilter, limits: HttpLimits) {
    this.#socket = socket;
    this.filter = filter;
    this.#limits = limits;
  }

  /** Readings, already formatted: `count` of them in `chunk`. */
  readings(chunk: string | Buffer, count: number): void {
    if (this.#state.name === 'dropping') this.#state = { name: 'dropping', count: this.#state.count + count };
    else if (this.#socket.writableLength >= this.#limits.streamBufferedBytesMax)
      this.#state = { name: 'dropping', count };
    else this.#write(chunk);
  }

  event(chunk: string | Buffer): void {
    if (this.#socket.writableLength >= 2 * this.#limits.streamBufferedBytesMax) this.#socket.destroy();
    else this.#write(chunk);
  }

  /** It has taken all; the result is how many readings it has missed, 0 for none. */
  drained(): number {
    const missed = this.#state.name === 'dropping' ? this.#state.count : 0;
    this.#state = { name: 'flowing' };
    this.#stalledBeats = 0;
    return missed;
  }

  /** A comment, so that proxies and the reader know that the stream lives; to one that has taken nothing for long, the end. */
  beat(): void {
    if (!this.#socket.writableNeedDrain) {
      this.#write(': still here\n\n');
      return;
    }
    const takenBytes = this.#offeredBytes - this.#socket.writableLength;
    this.#stalledBeats = takenBytes > this.#takenBytes ? 0 : this.#stalledBeats + 1;
    this.#takenBytes = takenBytes;
    if (this.#stalledBeats >= this.#limits.stalledBeatsMax) this.#socket.destroy();
  }

  end(): void {
    this.#socket.end();
  }

  #write(chunk: string | Buffer): void {
    this.#offeredBytes += Buffer.byteLength(chunk);
    this.#socket.write(chunk);
  }
}
