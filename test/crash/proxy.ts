import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../sim/random.ts';

export interface ProxyOptions {
  /** The server's port on this machine. */
  readonly port: number;
  readonly random: Random;
  /** The chance that a piece which is held up never arrives, and its connection is cut. */
  readonly cutShare: number;
  /** Each piece is held up by 0 to this, one after the other. */
  readonly delayMsMax: number;
}

/** A bad network: cuts connections at random, some with a reset, and delays what goes through them, both ways. */
export class Proxy {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cuts = 0;

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.#join(near));
  }

  static async start(options: ProxyOptions): Promise<Proxy> {
    const proxy = new Proxy(options);
    proxy.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Connections that it has cut. */
  get cuts(): number {
    return this.#cuts;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#options.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.#pass(near, far);
    this.#pass(far, near);
  }

  /** Takes no more from a socket while a piece of it is held up, as a slow network does. */
  #pass(from: Socket, to: Socket): void {
    const { random, cutShare, delayMsMax } = this.#options;
    this.#sockets.add(from);
    let delivered: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      from.pause();
      delivered = wait(random.between(0, delayMsMax)).then(() => {
        if (random.chance(cutShare)) return this.#cut(from, to);
        if (to.writable) to.write(bytes);
        from.resume();
      });
    });
    // The end comes at once, also where a piece is still held up.
    from.on('end', () => void delivered.then(() => to.end()));
    // A reset on one side ends the other; what it was is of no interest.
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      void delivered.then(() => to.destroySoon());
    });
  }

  #cut(...sockets: readonly Socket[]): void {
    this.#cuts += 1;
    // A reset loses what is on its way in the system's buffers as well.
    for (const socket of sockets) {
      if (this.#options.random.chance(0.5)) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
