import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { plainAddress } from '../address.ts';
import { offered, type TlsCredentials } from './credentials.ts';
import { handshakeFailure } from './handshake-failure.ts';

/** A handshake that came to nothing. */
export interface TlsFailure {
  /** `address:port`, as events have it. */
  readonly peer: string;
  readonly reason: string;
}

export interface HandshakeLimits {
  /** Under way at a time. */
  readonly countMax: number;
  /** How long one may take. */
  readonly msMax: number;
  /** How long one has in any case, while others wait for its place. */
  readonly msMin: number;
}

/**
 * A handshake under way holds 60 KiB, so that these are 120 MiB. A thousand clients that come back together need a thousand places for a second or two; of those
 * who open connections and say nothing, each holds a place for a second at least where all are taken, and 10 s where they are not.
 */
export const handshakeLimits: HandshakeLimits = { countMax: 2_048, msMax: 10_000, msMin: 1_000 };

/**
 * Of what is written, in one record; the least that the library takes. It makes room for the largest before each record and gives it back afterwards, which 16 KiB
 * are dear for; nearly all answers have room in 512 bytes, and a frame costs 1 to 4 % less.
 */
const fragmentBytesMax = 512;

export interface HandshakesOptions {
  readonly credentials: TlsCredentials;
  readonly clock: Clock;
  /** Its handshake is over. */
  readonly secured: (socket: TLSSocket) => void;
  /** Called once for each that was begun and not secured. */
  readonly failed: (failure: TlsFailure) => void;
  readonly limits: HandshakeLimits;
}

interface Handshake {
  readonly peer: string;
  readonly begunMs: number;
  readonly socket: Socket;
  readonly closed: () => void;
}

/** The TLS handshakes of a listener: how many there are, and what becomes of each. */
export class Handshakes {
  /** Never listens itself: it is given the connections. */
  readonly #server: Server;
  readonly #options: HandshakesOptions;
  /** By peer, the oldest first. */
  readonly #underWay = new Map<string, Handshake>();

  constructor(options: HandshakesOptions) {
    this.#options = options;
    this.#server = createServer({ ...offered(options.credentials), handshakeTimeout: options.limits.msMax });
    this.#server.on('secureConnection', (socket) => {
      this.#secured(socket);
    });
    this.#server.on('tlsClientError', (error, socket) => {
      // Without an address it has closed, and is told of as such.
      this.#failed(this.#underWay.get(peerOf(socket)), handshakeFailure(error));
    });
  }

  get count(): number {
    return this.#underWay.size;
  }

  /** Of connections that begin from now on. Throws the library's error where the two are not fit for use, and keeps the former ones. */
  replace(credentials: TlsCredentials): void {
    this.#server.setSecureContext(offered(credentials));
  }

  begin(socket: Socket): void {
    const { clock, limits, failed } = this.#options;
    const peer = peerOf(socket);
    const begunMs = clock.monotonicMs();
    if (this.#underWay.size >= limits.countMax && !this.#makeRoom(begunMs)) {
      socket.destroy();
      failed({ peer, reason: `${limits.countMax} TLS handshakes are under way already` });
      return;
    }
    const closed = (): void => {
      this.#failed(handshake, 'the peer left during the TLS handshake');
    };
    const handshake = { peer, begunMs, socket, closed };
    this.#underWay.set(peer, handshake);
    socket.on('close', closed);
    // Whoever leaves in its midst has left: half a connection is of use only afterwards.
    socket.allowHalfOpen = false;
    this.#server.emit('connection', socket);
  }

  /** Ends all that are under way. */
  close(): void {
    for (const handshake of this.#underWay.values()) this.#failed(handshake, 'the server leaves');
  }

  /** Whether the oldest has had its time, and goes. */
  #makeRoom(nowMs: number): boolean {
    const [oldest] = this.#underWay.values();
    if (oldest === undefined || nowMs - oldest.begunMs < this.#options.limits.msMin) return false;
    this.#failed(oldest, 'the TLS handshake took long, and others waited for its place');
    return true;
  }

  #secured(socket: TLSSocket): void {
    const handshake = this.#underWay.get(peerOf(socket));
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    this.#end(handshake);
    socket.allowHalfOpen = true;
    socket.setMaxSendFragment(fragmentBytesMax);
    this.#options.secured(socket);
  }

  #failed(handshake: Handshake | undefined, reason: string): void {
    if (handshake === undefined || !this.#end(handshake)) return;
    handshake.socket.destroy();
    this.#options.failed({ peer: handshake.peer, reason });
  }

  /** Whether it was under way. */
  #end({ peer, socket, closed }: Handshake): boolean {
    socket.off('close', closed);
    return this.#underWay.delete(peer);
  }
}

/** No two connections of a listener have it in common, unless it listens on several addresses and one peer comes to two of them from one port. */
function peerOf(socket: Socket): string {
  const address = plainAddress(socket.remoteAddress);
  return `${address.includes(':') ? `[${address}]` : address}:${socket.remotePort ?? 0}`;
}
