import { wireAddressText } from '../config/kinds/address.ts';
import type { ServerConfig, WireAddress } from '../config/contract.ts';
import { assert } from '../core/assert.ts';
import { CodedError } from '../core/coded-error.ts';
import { listenError } from '../core/listen-error.ts';
import type { ServerLimits } from '../core/limits.ts';
import type { Hub } from '../server/hub.ts';
import { Alarms } from '../transport/alarms.ts';
import type { Arrivals } from '../transport/arrivals.ts';
import { descriptorLimit } from '../transport/descriptor-limit.ts';
import { Door } from '../transport/door.ts';
import type { Link } from '../transport/link.ts';
import { ServerConnection, type ServerConnectionOptions } from '../transport/server-connection.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import { listenTcp, type Listener } from '../transport/tcp.ts';
import type { ServerTls } from './certificate/server-tls.ts';
import type { Lifecycle } from './lifecycle.ts';
import { tag } from './secrets.ts';

/** A connection's deadlines are seconds away; what comes later than this is not yet late (`limits.wakeLateMsMax`). */
const alarmStepMs = 50;

export interface ServerListenersOptions {
  readonly addresses: ServerConfig['listen'];
  readonly hub: Hub;
  readonly arrivals: Arrivals;
  readonly limits: () => ServerLimits;
  /** Undefined: no address is one of TLS. */
  readonly tls: ServerTls | undefined;
  readonly lifecycle: Lifecycle;
}

/** Listens for clients; what all listeners have in common is one door, and one set of alarms. Answers the ports of the first of each kind. */
export async function openServerListeners(
  options: ServerListenersOptions,
): Promise<{ readonly tcpPort: number | undefined; readonly tlsPort: number | undefined }> {
  const { addresses, hub, lifecycle, limits } = options;
  const door = new Door({ limits, clock, report: hub.feed.report, descriptorsMax: descriptorLimit() });
  const shared: ServerConnectionOptions = {
    clock,
    alarms: new Alarms(clock, alarmStepMs),
    tag,
    limits,
    count: door,
    crowded: () => hub.isCrowded,
    perform: (action, peer) => {
      hub.reception.perform(action, peer);
    },
  };
  const accept = (link: Link): void => {
    if (door.admits(link)) hub.reception.accept(new ServerConnection(link, shared));
  };
  let tcpPort: number | undefined;
  let tlsPort: number | undefined;
  for (const address of addresses) {
    const listener = await listen(address, accept, options).catch((cause: unknown) => {
      throw cause instanceof CodedError ? cause : listenError(`--listen ${wireAddressText(address)}`, cause);
    });
    // Ends with the last connection, which the hub lets go of: not to be waited for here.
    lifecycle.onStop(() => void listener.close());
    const { scheme } = address;
    if (scheme === 'tls') tlsPort ??= listener.port;
    else tcpPort ??= listener.port;
    hub.feed.report('info', 'listening', { listener: scheme, address: listener.address, port: listener.port });
  }
  return { tcpPort, tlsPort };
}

function listen(
  address: WireAddress,
  accept: (link: Link) => void,
  { arrivals, tls }: ServerListenersOptions,
): Promise<Listener> {
  if (address.scheme === 'tcp') return listenTcp(address, accept, arrivals);
  assert(tls !== undefined, 'whoever wants a TLS listener has opened the certificate');
  return tls.listen(address, accept, arrivals);
}
