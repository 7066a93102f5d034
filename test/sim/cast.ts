import { Archive } from './archive.ts';
import { ClientMachine, type Stopped } from './client-machine.ts';
import type { ClientStorage } from './client-storage.ts';
import { ClientWatch } from './client-watch.ts';
import { Datagrams } from './datagrams.ts';
import { Host } from './host.ts';
import { IntervalBook } from './interval-book.ts';
import { KeyBook } from './key-book.ts';
import { Network } from './network.ts';
import type { ClientPlan, Plan } from './plan.ts';
import { ServerMachine } from './server-machine.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';
import { V1Client } from './v1-client.ts';
import { V1Server } from './v1-server.ts';

/** Everybody in a world. */
export interface Cast {
  readonly stage: Stage;
  readonly plan: Plan;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly book: IntervalBook;
  readonly archive: Archive;
  readonly keys: KeyBook;
  readonly server: ServerMachine;
  readonly v1Server: V1Server;
  readonly clients: readonly ClientMachine[];
  readonly v1Clients: readonly V1Client[];
  /** Every machine but the server's. */
  readonly hosts: readonly Host[];
  /** Makes a copy of a client's machine, identity, spool and all. */
  readonly clone: (client: ClientMachine) => ClientMachine;
  /** What is to be undone when the faults end. */
  readonly remedies: (() => void)[];
  /** The clients that have left, in that order. */
  readonly departures: Stopped[];
}

/** The one address of all who are behind the NAT. */
const natAddress = '198.51.100.7';

/** Everybody in the world of `plan`, with nobody started. */
export function makeCast(stage: Stage, plan: Plan): Cast {
  const book = new IntervalBook(stage);
  const archive = new Archive();
  const watch = (stream: Stream): void => attachWatches(stream, { stage, book, server, v1Server, keys });
  const serverHost = new Host(stage, { name: 'server', address: '192.0.2.1' });
  const { tls, keyed, mode } = plan.security;
  const keys = new KeyBook(stage);
  const network = new Network(stage, { serverHost, watch, tls });
  const datagrams = new Datagrams(stage, network);
  const intervalSeconds = plan.serverIntervalSeconds;
  const server = new ServerMachine({ stage, network, datagrams, archive, book, intervalSeconds, keys, mode });
  const v1Server = new V1Server({ stage, network, datagrams, intervalSeconds: Math.ceil(intervalSeconds) });
  const departures: Stopped[] = [];
  const machine = (host: Host, client: ClientPlan, storage?: ClientStorage): ClientMachine => {
    const made = new ClientMachine({ ...client, stage, host, network, datagrams, archive, book, keyed }, storage);
    made.onStopped = (stopped) => departures.push(stopped);
    return made;
  };
  const clients = plan.clients.map((client, index) => machine(hostOf(stage, client, index), client));
  const v1Clients = Array.from({ length: plan.v1Clients }, (_, index) => {
    const name = `v1-${index + 1}`;
    return new V1Client({
      stage,
      name,
      network,
      datagrams,
      host: new Host(stage, { name, address: `192.0.2.${100 + index}` }),
    });
  });
  return {
    stage,
    plan,
    network,
    datagrams,
    book,
    archive,
    keys,
    server,
    v1Server,
    clients,
    v1Clients,
    departures,
    hosts: [...clients, ...v1Clients].map(({ host }) => host),
    remedies: [],
    clone: (client) => {
      const host = new Host(stage, { name: `${client.host.name}-clone`, address: '192.0.2.200' });
      return machine(host, client.plan, client.storage.copy());
    },
  };
}

function hostOf(stage: Stage, { behindNat }: ClientPlan, index: number): Host {
  const name = `host-${index + 1}`;
  if (!behindNat) return new Host(stage, { name, address: `192.0.2.${10 + index}` });
  return new Host(stage, { name, address: natAddress, localAddress: `10.0.0.${10 + index}` });
}

/** Lets those who know the protocol look on, at both ends. */
function attachWatches(
  stream: Stream,
  { stage, book, server, v1Server, keys }: Pick<Cast, 'stage' | 'book' | 'server' | 'v1Server' | 'keys'>,
): void {
  const isRogue = stream.label.startsWith('rogue');
  const client = isRogue || stream.label.startsWith('v1-') ? undefined : new ClientWatch({ stage, stream, book, keys });
  const served = v1Server.isRunning ? undefined : server.watch(stream, { trusted: !isRogue });
  stream.tap = {
    wrote: (direction, bytes, queuedBytes) => {
      if (direction === 'to-server') client?.wrote(bytes);
      else served?.wrote(bytes, queuedBytes);
    },
    waits: (direction, waiting) => {
      if (direction === 'to-server') client?.waits(waiting);
      else served?.waits(waiting);
    },
    read: (direction, bytes) => {
      if (direction === 'to-server') served?.read(bytes);
      else client?.read(bytes);
    },
  };
}
