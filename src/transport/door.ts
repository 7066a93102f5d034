import { addressBlock, isLoopback } from '../core/address-block.ts';
import type { Clock } from '../core/clock.ts';
import type { ServerLimits } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import { encodeFrame } from '../framing/encoder.ts';
import { failure } from '../session/failure.ts';
import { Farewells } from './farewells.ts';
import type { Link } from './link.ts';

export interface DoorOptions {
  /** As they are now: they may change while the server runs. */
  readonly limits: () => ServerLimits;
  readonly clock: Pick<Clock, 'after'>;
  readonly report: Log;
  /** Files and sockets that the process may have open; undefined: nobody knows. */
  readonly descriptorsMax?: number | undefined;
}

/** For files, HTTP, and connections to whom only a farewell is said: a store that cannot open a file is worse than a client that has to come again. */
const descriptorsKept = 512;

const words = encodeFrame(failure('too-many', 'connections; come back later'));

/** Counts the connections of all listeners of a server, and lets newcomers in as far as the limits go; those inside are never asked to leave. */
export class Door {
  readonly #options: DoorOptions;
  readonly #farewells: Farewells;
  readonly #roomMax: number;
  /** Connections by block of addresses; those of nobody are not kept. */
  readonly #blocks = new Map<string, number>();
  #connections = 0;
  #unregistered = 0;

  constructor(options: DoorOptions) {
    const { clock, descriptorsMax } = options;
    this.#options = options;
    this.#farewells = new Farewells(clock);
    // Where few may be open, half of them.
    this.#roomMax =
      descriptorsMax === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(descriptorsMax - descriptorsKept, Math.floor(descriptorsMax / 2));
  }

  /** Connections that were let in and have not left. */
  get connections(): number {
    return this.#connections;
  }

  /** Of those, the ones that have not registered. */
  get unregistered(): number {
    return this.#unregistered;
  }

  /** Blocks of addresses that have connections. */
  get blocks(): number {
    return this.#blocks.size;
  }

  /** True: the connection is counted until `left`. False: it was told `too-many`, and is closed without anything further to do. */
  admits(link: Link): boolean {
    const { peerAddress } = link;
    const block = addressBlock(peerAddress);
    const reason = this.#reached(peerAddress, block);
    if (reason === undefined) {
      this.#connections += 1;
      this.#unregistered += 1;
      this.#blocks.set(block, (this.#blocks.get(block) ?? 0) + 1);
      return true;
    }
    const host = peerAddress.includes(':') ? `[${peerAddress}]` : peerAddress;
    this.#options.report('warn', 'connection-refused', { peer: `${host}:${link.peerPort}`, reason });
    this.#farewells.say(link, words);
    return false;
  }

  /** One of those inside has registered; once a connection. */
  registered(): void {
    this.#unregistered -= 1;
  }

  /** One of those inside has gone; once a connection. */
  left(peerAddress: string, wasRegistered: boolean): void {
    this.#connections -= 1;
    if (!wasRegistered) this.#unregistered -= 1;
    const block = addressBlock(peerAddress);
    const others = (this.#blocks.get(block) ?? 1) - 1;
    if (others === 0) this.#blocks.delete(block);
    else this.#blocks.set(block, others);
  }

  /** The limit that keeps a newcomer out, for the log. */
  #reached(peerAddress: string, block: string): string | undefined {
    const { connectionsMax, connectionsPerAddressMax, unregisteredMax, loopbackToo } = this.#options.limits();
    if (this.#connections >= connectionsMax) return `${this.#connections} are open (limits.connections)`;
    if (this.#connections >= this.#roomMax) {
      return `${this.#connections} are open, and more need a higher limit of open files for this program (ulimit -n, LimitNOFILE)`;
    }
    if (this.#unregistered >= unregisteredMax) {
      return `${this.#unregistered} have not registered (limits.unregistered)`;
    }
    const ofBlock = this.#blocks.get(block) ?? 0;
    if (ofBlock < connectionsPerAddressMax || (isLoopback(peerAddress) && !loopbackToo)) return undefined;
    return `${ofBlock} are open from ${block} (limits.connections_per_address)`;
  }
}
