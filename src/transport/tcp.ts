import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { reasonOf, systemErrorCode } from '../core/system-error.ts';
import { plainAddress } from './address.ts';
import { Arrivals } from './arrivals.ts';
import type { Dial } from './client-connection.ts';
import type { Link } from './link.ts';
import { SocketLink } from './socket-link.ts';

/** Probes of an idle connection, so that a peer that went without a word is found out and NATs keep their entry. */
export const keepAliveMs = 30_000;
/** Connections that the kernel holds for us while the loop is busy. */
const backlogMax = 4_096;

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Accepts nothing more; connections that were accepted live on. */
  close(): Promise<void>;
}

/** Listens on `host` and `port` (0: a free one), with the `arrivals` of all listeners of a server; rejects with the system's error where it cannot. */
export function listenTcp(
  address: { readonly host: string; readonly port: number },
  accept: (link: Link) => void,
  arrivals = new Arrivals(),
): Promise<Listener> {
  return listenForSockets(address, (localPort) => {
    const acceptance = { localPort, arrivals };
    return (socket) => {
      accept(new SocketLink(socket, acceptance));
    };
  });
}

/** As `listenTcp`, with the sockets themselves: `begin` is told the port that is listened on, and answers what is done with each. */
export async function listenForSockets(
  address: { readonly host: string; readonly port: number },
  begin: (localPort: number) => (socket: Socket) => void,
): Promise<Listener> {
  return listenOn(address, begin).catch((error: unknown) => {
    const code = systemErrorCode(error);
    // A machine without IPv6 has all of its addresses in the other family.
    const without6 = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
    if (address.host === '::' && without6) return listenOn({ ...address, host: '0.0.0.0' }, begin);
    throw error;
  });
}

function listenOn(
  { host, port }: { readonly host: string; readonly port: number },
  begin: (localPort: number) => (socket: Socket) => void,
): Promise<Listener> {
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: backlogMax }, () => {
      server.off('error', reject);
      // Of an accepted socket that could not be had (EMFILE): the next one may be, and the kernel keeps the rest waiting.
      server.on('error', () => undefined);
      const bound = server.address() as AddressInfo;
      server.on('connection', begin(bound.port));
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
      outcome.connected(new SocketLink(socket));
    });
    return () => {
      socket.off('error', failed);
      socket.on('error', ignore);
      socket.destroy();
    };
  };
}

/** A socket that was given up may still fail; nobody is left to tell. */
function ignore(): void {}
