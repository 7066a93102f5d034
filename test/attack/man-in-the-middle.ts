import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { TlsCredentials } from '../../src/transport/tls/credentials.ts';

/** Sits between a client and whatever server he lets it reach, on a port that stays the same. */
export class ManInTheMiddle {
  readonly port: number;
  /** Where the next connection leads. */
  upstream: number;
  /** What servers have told clients, where he can read it. */
  heard = '';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, upstream: number) {
    this.#server = server;
    this.upstream = upstream;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** With credentials he ends the client's TLS himself and begins another one to the server; without, he passes bytes on. */
  static async start(upstream: number, credentials?: TlsCredentials): Promise<ManInTheMiddle> {
    const accept = (near: Socket): void => {
      man.#pass(near, credentials === undefined ? dial(man.upstream) : dialTls(man.upstream));
    };
    const server =
      credentials === undefined
        ? createTcpServer(accept)
        : createTlsServer({ cert: credentials.certificate, key: credentials.key }, accept);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const man = new ManInTheMiddle(server, upstream);
    return man;
  }

  /** Cuts the connections that there are, and lets the next ones lead to `upstream`. */
  divert(upstream: number): void {
    this.upstream = upstream;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.divert(0);
    await closed;
  }

  #pass(near: Socket, far: Socket): void {
    far.on('data', (bytes) => (this.heard += bytes.toString('latin1')));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

const host = '127.0.0.1';
/** His own address, by which the log tells him from his victims. */
export const middleAddress = '127.0.3.1';

function dial(port: number): Socket {
  return connectTcp({ host, port, localAddress: middleAddress });
}

function dialTls(port: number): Socket {
  return connectTls({ socket: dial(port), rejectUnauthorized: false });
}
