import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections that have not sent a request yet, or are in the midst of the handshake of TLS. Browsers open some in advance, and Node.js counts them as busy, so that a
 * closing server would wait for them.
 */
export class SilentConnections {
  /** By the peer's address and port: over TLS a request comes by another socket than the connection. */
  readonly #sockets = new Map<string, Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      const key = keyOf(socket);
      this.#sockets.set(key, socket);
      socket.once('close', () => {
        if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
      });
    });
    server.on('request', ({ socket }) => this.#sockets.delete(keyOf(socket)));
  }

  destroy(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
