import { EventReader, type EventSocket } from '../event-reader.ts';
import type { HttpLimits } from '../http-limits.ts';

/** What a reader has been told: the tick, and of how many events. */
export interface Position {
  readonly tick: number;
  readonly events: number;
}

/**
 * One reader of the fleet's stream. It is told something only when it has taken all that it was told before, a piece at a time, so that one that is slow holds a piece and
 * not a queue: what it is told next is the state by then.
 */
export class FleetReader {
  /** The one unit that it wants to hear of. */
  readonly clientId: string | undefined;
  /** The tick that it had heard of when it was here before. */
  readonly formerTick: number | undefined;
  /** Undefined: it has been told nothing yet. */
  position: Position | undefined;
  readonly #socket: EventSocket;
  readonly #out: EventReader;
  #rest: readonly Buffer[] = [];
  #hasEnded = false;

  constructor(
    socket: EventSocket,
    wanted: { readonly clientId: string | undefined; readonly formerTick: number | undefined },
    limits: HttpLimits,
  ) {
    this.clientId = wanted.clientId;
    this.formerTick = wanted.formerTick;
    this.#socket = socket;
    this.#out = new EventReader(socket, { unit: wanted.clientId, events: undefined }, limits);
  }

  /** Nothing is on its way to it. */
  get isReady(): boolean {
    return !this.#hasEnded && this.#rest.length === 0 && !this.#socket.writableNeedDrain;
  }

  tell(pieces: readonly Buffer[], position: Position): void {
    if (this.#hasEnded) return;
    this.position = position;
    this.#rest = pieces;
    this.#go();
  }

  drained(): void {
    this.#out.drained();
    this.#go();
  }

  /** A comment, unless it is in the midst of an event; to one that has taken nothing for long, the end. */
  beat(): void {
    if (this.#rest.length === 0 || this.#socket.writableNeedDrain) this.#out.beat();
  }

  end(): void {
    this.left();
    this.#out.end();
  }

  /** Nobody is there to be told anything. */
  left(): void {
    this.#hasEnded = true;
    this.#rest = [];
  }

  #go(): void {
    while (!this.#socket.writableNeedDrain) {
      const [piece, ...rest] = this.#rest;
      if (piece === undefined) return;
      this.#rest = rest;
      this.#out.event(piece);
    }
  }
}
