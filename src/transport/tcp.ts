import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { reasonOf, systemErrorCode } from '../core/system-error.ts';
import { plainAddress } from './address.ts';
import { Arrivals } from './arrivals.ts';
import type { Dial } from './client-connection.ts';
import type { Link, LinkEvents } from './link.ts';

/** Probes of an idle connection, so that a peer that went without a word is found out and NATs keep their entry. */
const keepAliveMs = 30_000;
/** Connections that the kernel holds for us while the loop is busy. */
const backlogMax = 4_096;

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Accepts nothing more; connections that were accepted live on. */
  close(): Promise<void>;
}

/** Listens on `host` and `port` (0: a free one); rejects with the system's error where it cannot. */
export async function listenTcp(
  address: { readonly host: string; readonly port: number },
  accept: (link: Link) => void,
): Promise<Listener> {
  return listenOn(address, accept).catch((error: unknown) => {
    const code = systemErrorCode(error);
    // A machine without IPv6 has all of its addresses in the other family.
    const without6 = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
    if (address.host === '::' && without6) return listenOn({ ...address, host: '0.0.0.0' }, accept);
    throw error;
  });
}

function listenOn(
  { host, port }: { readonly host: string; readonly port: number },
  accept: (link: Link) => void,
): Promise<Listener> {
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
  });
  const arrivals = new Arrivals();
  server.on('connection', (socket) => {
    accept(linkOf(socket, arrivals));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: backlogMax }, () => {
      server.off('error', reject);
      // Of an accepted socket that could not be had (EMFILE): the next one may be, and the kernel keeps the rest waiting.
      server.on('error', () => undefined);
      const bound = server.address() as AddressInfo;
      resolve({ address: plainAddress(bound.address), port: bound.port, close: () => closed(server) });
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** Dials `host` and `port`, both families where the name has both. */
export function dialTcp({ host, port }: { readonly host: string; readonly port: number }): Dial {
  return (outcome) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
      allowHalfOpen: true,
    });
    const failed = (error: Error): void => {
      socket.destroy();
      outcome.failed(reasonOf(error));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      outcome.connected(linkOf(socket));
    });
    return () => {
      socket.off('error', failed);
      socket.on('error', ignore);
      socket.destroy();
    };
  };
}

/** With `arrivals`, what arrives is handed on by them, before anything else that happens to the connection. */
function linkOf(socket: Socket, arrivals?: Arrivals): Link {
  return {
    localAddress: plainAddress(socket.localAddress),
    localPort: socket.localPort ?? 0,
    peerAddress: plainAddress(socket.remoteAddress),
    peerPort: socket.remotePort ?? 0,
    listen: (events) => {
      listen(socket, arrivals === undefined ? events : arrivals.before(events));
    },
    write: (bytes) => socket.write(bufferOf(bytes)),
    end: () => {
      socket.end();
    },
    destroy: () => {
      socket.removeAllListeners();
      socket.on('error', ignore);
      socket.destroy();
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
  };
}

function listen(socket: Socket, events: LinkEvents): void {
  let reason = 'the peer closed the connection';
  socket.on('data', (bytes: Buffer) => {
    events.data(bytes);
  });
  socket.on('drain', () => {
    events.drained();
  });
  socket.on('end', () => {
    events.ended();
  });
  socket.on('error', (error) => {
    reason = reasonOf(error);
  });
  socket.on('close', () => {
    events.closed(reason);
  });
}

/** A socket that was given up may still fail; nobody is left to tell. */
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
