import type { Frame } from '../../src/framing/frame.ts';
import { decodeDatagram } from '../../src/transport/udp.ts';
import type { Network } from './network.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';

type Receive = (frame: Frame | undefined, from: string) => void;

interface Bound {
  readonly process: Process;
  readonly port: number;
  readonly receive: Receive;
}

/** A datagram that an attacker may have seen. */
export interface Seen {
  readonly bytes: Uint8Array;
  readonly to: string;
  readonly port: number;
}

/** Datagrams that an attacker remembers. */
const seenMax = 40;

/** Datagrams: lost, doubled, late, overtaken, and sent by anybody. */
export class Datagrams {
  readonly seen: Seen[] = [];
  readonly #stage: Stage;
  readonly #network: Network;
  #bound: Bound[] = [];
  #ports = 50_000;

  constructor(stage: Stage, network: Network) {
    this.#stage = stage;
    this.#network = network;
  }

  /** Hears datagrams; answers the port. */
  bind(process: Process, receive: Receive): number {
    this.#ports += 1;
    const bound = { process, port: this.#ports, receive };
    this.#bound.push(bound);
    process.onEnd(() => {
      this.#bound = this.#bound.filter((other) => other !== bound);
    });
    return bound.port;
  }

  /** What the server sends to the address that it knows of a unit. */
  send(bytes: Uint8Array, to: string, port: number): void {
    this.seen.push({ bytes, to, port });
    if (this.seen.length > seenMax) this.seen.shift();
    const bound = this.#find(to, port);
    if (bound === undefined) return;
    const { path } = bound.process.host;
    const { datagramLoss, datagramCopies, datagramDelayMs } = path.quality;
    const { random, timeline } = this.#stage;
    for (let copy = 0; copy === 0 || (copy < 4 && random.chance(datagramCopies)); copy += 1) {
      if (random.chance(datagramLoss)) continue;
      timeline.after(random.between(0, datagramDelayMs), () => {
        if (!path.isBlocked('to-client')) this.deliver(bytes, { from: this.#network.serverHost.address, to, port });
      });
    }
  }

  /** A datagram arrives, whoever sent it. Nothing reaches a host behind a NAT. */
  deliver(bytes: Uint8Array, { from, to, port }: { from: string; to: string; port: number }): void {
    const bound = this.#find(to, port);
    if (bound === undefined || bound.process.host.isBehindNat) return;
    bound.process.run(() => {
      this.#stage.record(`${bound.process.host.name} hears ${Buffer.from(bytes).toString('latin1')} from ${from}`);
      bound.receive(decodeDatagram(bytes), from);
    });
  }

  #find(address: string, port: number): Bound | undefined {
    return this.#bound.find((bound) => bound.process.host.address === address && bound.port === port);
  }
}
