import type { Socket } from 'node:net';
import { reasonOf } from '../core/system-error.ts';
import { plainAddress } from './address.ts';
import { handsOnAtOnce, type HandsOn } from './arrivals.ts';
import type { Link, LinkEvents } from './link.ts';

const linkOf = Symbol('the link of a socket');

declare module 'node:net' {
  interface Socket {
    /** On the socket, so that one listener of each kind serves all connections; a closure is 56 bytes, and there were fifteen a connection. */
    [linkOf]?: SocketLink;
  }
}

/** Before somebody listens. */
const unheard: LinkEvents = { data: ignore, drained: ignore, ended: ignore, closed: ignore };

/** What a listener knows of the connections that it accepts. */
export interface Acceptance {
  readonly localPort: number;
  readonly arrivals: HandsOn;
}

/** A connected socket as a link. */
export class SocketLink implements Link {
  /** Who is told what happens. */
  events = unheard;
  /** Why the connection is gone, once it is. */
  reason = 'the peer closed the connection';
  readonly peerAddress: string;
  readonly binding: string;
  readonly #socket: Socket;
  readonly #acceptance: Acceptance | undefined;

  /** `binding`: of a TLS session. */
  constructor(socket: Socket, acceptance?: Acceptance, binding = '-') {
    this.#socket = socket;
    this.#acceptance = acceptance;
    // A socket that has closed knows it only if it was asked before.
    this.peerAddress = plainAddress(socket.remoteAddress);
    this.binding = binding;
    socket[linkOf] = this;
  }

  /** Few ask for it, and a socket that was asked keeps an object of it. */
  get localAddress(): string {
    return plainAddress(this.#socket.localAddress);
  }

  /** By whom what happens is told. */
  get arrivals(): HandsOn {
    return this.#acceptance?.arrivals ?? handsOnAtOnce;
  }

  get localPort(): number {
    return this.#acceptance?.localPort ?? this.#socket.localPort ?? 0;
  }

  get peerPort(): number {
    return this.#socket.remotePort ?? 0;
  }

  listen(events: LinkEvents): void {
    this.events = events;
    const socket = this.#socket;
    socket.on('data', onData);
    socket.on('drain', onDrain);
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bufferOf(bytes));
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    const socket = this.#socket;
    socket.removeAllListeners();
    // It may still fail; nobody is left to tell.
    socket.on('error', ignore);
    socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

function onData(this: Socket, bytes: Buffer): void {
  const link = this[linkOf];
  link?.arrivals.data(link.events, bytes);
}

function onDrain(this: Socket): void {
  const link = this[linkOf];
  link?.arrivals.drained(link.events);
}

function onEnd(this: Socket): void {
  const link = this[linkOf];
  link?.arrivals.ended(link.events);
}

function onError(this: Socket, error: Error): void {
  const link = this[linkOf];
  if (link !== undefined) link.reason = reasonOf(error);
}

function onClose(this: Socket): void {
  const link = this[linkOf];
  link?.arrivals.closed(link.events, link.reason);
}

function ignore(): void {}

let lastBytes: Uint8Array | undefined;
let lastBuffer: Buffer = Buffer.alloc(0);

/** A stream makes a Buffer of whatever else it is given; of acknowledgements, which are always the same bytes, one is enough. */
function bufferOf(bytes: Uint8Array): Buffer {
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastBuffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return lastBuffer;
}
