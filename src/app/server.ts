import { reasonOf } from '../core/system-error.ts';
import { listenError } from '../core/listen-error.ts';
import type { Log } from '../core/log.ts';
import type { ServerConfig } from '../config/contract.ts';
import type { Feed } from '../server/contract.ts';
import { joinLittle, joinMuch } from '../server/commit-pace.ts';
import { Hub } from '../server/hub.ts';
import { StoreDamage } from '../server/store-damage.ts';
import { StoreDrops } from '../server/store-drops.ts';
import { createEventLog } from '../sinks/event-log.ts';
import { openLogOutputs } from '../sinks/log-outputs.ts';
import { createReadingLog } from '../sinks/reading-log.ts';
import { createRepeats } from '../sinks/repeats.ts';
import type { Directory, Store } from '../store/contract.ts';
import { MemoryStore } from '../store/memory.ts';
import { Alarms } from '../transport/alarms.ts';
import { Arrivals } from '../transport/arrivals.ts';
import type { Link } from '../transport/link.ts';
import { ServerConnection, type ServerConnectionOptions } from '../transport/server-connection.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import { systemLoop as loop, wakeCell } from '../transport/system-loop.ts';
import { listenTcp } from '../transport/tcp.ts';
import { DatagramSender } from '../transport/udp.ts';
import { Lifecycle } from './lifecycle.ts';
import { preparePrivateFolder } from './private-folder.ts';
import { randomId, tag } from './secrets.ts';
import { storeFolder } from './store-folder.ts';
import { aborted, wantsColour, type Surface } from './surface.ts';

/** All that the server does from the signal to leave on; a service manager waits longer. */
const stopMsMax = 20_000;
/** Events that a peer can cause as often as it likes. */
const limitedEvents = new Set([
  'bad-frame',
  'bad-reading',
  'registration-refused',
  'unknown-command',
  'not-registered',
  'connection-closed',
  'clock-off',
  'clock-right',
  'duplicate-identity',
]);

/** A connection's deadlines are seconds away; what comes later than this is not yet late (`limits.wakeLateMsMax`). */
const alarmStepMs = 50;

/** Runs the server until it is told to leave. Rejects with a CodedError where it cannot start. */
export async function runServer(config: ServerConfig, warnings: readonly string[], surface: Surface): Promise<void> {
  const { stop } = await startServer(config, warnings, surface);
  await aborted(surface.signal);
  await stop();
}

/** Resolves when the server listens. `stop` answers what is in hand, commits, and closes. */
export async function startServer(
  config: ServerConfig,
  warnings: readonly string[],
  surface: Surface,
): Promise<{ readonly stop: () => Promise<void> }> {
  const lifecycle = new Lifecycle(clock);
  const stop = (): Promise<void> => lifecycle.stop(stopMsMax);
  try {
    await start(config, warnings, surface, lifecycle);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function start(
  config: ServerConfig,
  warnings: readonly string[],
  surface: Surface,
  lifecycle: Lifecycle,
): Promise<void> {
  const outputs = await openLogOutputs({ ...surface, ...config.log, colour: wantsColour(surface), clock });
  lifecycle.onStop(() => outputs.close(2_000));
  const log = createEventLog({ level: config.log.level, outputs: outputs.events, clock });
  for (const warning of warnings) log('warn', 'configuration', { reason: warning });

  preparePrivateFolder(config.dataDir, '--data-dir');
  const drops = new StoreDrops({ clock, log, retentionMs: config.store.retentionMs });
  lifecycle.onStop(() => {
    drops.close();
  });
  const damage = new StoreDamage();
  const store = await openStore(config, { log, lifecycle, drops, damage });
  const datagrams = new DatagramSender();
  lifecycle.onStop(() => datagrams.close());

  const arrivals = new Arrivals({
    turnHandled: () => {
      hub.turnHandled();
    },
    turnOver: () => {
      hub.turnOver();
    },
  });
  const hub = new Hub({
    store,
    clock,
    loop,
    turnBegins: () => {
      arrivals.begin();
    },
    defer: (task) => void setImmediate(task),
    joining: config.store.kind === 'memory' ? joinLittle : joinMuch,
    randomId,
    randomToken: randomId,
    intervalSeconds: config.intervalSeconds,
    allowOtherAddress: config.udp.allowOtherAddress,
    condition: () => ({ notes: [...drops.notes, ...damage.notes], leftOut: damage.leftOut }),
    sendDatagram: (frame, destination) => {
      datagrams.send(frame, destination).catch((error: unknown) => {
        hub.feed.report('debug', 'datagram-failed', {
          to: destination.to,
          port: destination.port,
          reason: reasonOf(error),
        });
      });
    },
  });
  const readingLog = createReadingLog({ level: config.log.level, output: outputs.readings, clock });
  lifecycle.onStop(tellLog(hub.feed, log, readingLog));
  await hub.restore();
  lifecycle.onStop(() => hub.shutDown());

  const http = config.http;
  if (http !== undefined) {
    // Loaded only where it is wanted: 7 MiB.
    const { openHttp } = await import('../http/open-http.ts');
    const opened = await openHttp({
      address: http,
      clock,
      fleet: hub,
      feed: hub.feed,
      health: hub,
      store,
      version: surface.version,
      log,
    });
    lifecycle.onStop(() => opened.close());
    log('info', 'listening', { listener: 'http', address: opened.address, port: opened.port });
  }
  const alarms = new Alarms(clock, alarmStepMs);
  for (const { host, port } of config.listen) await listen({ host, port }, { hub, alarms, arrivals, lifecycle });
}

async function openStore(
  { dataDir, store: { kind, retentionMs, rollUpRetentionMs, budgetBytes } }: ServerConfig,
  {
    log,
    lifecycle,
    drops,
    damage,
  }: { readonly log: Log; readonly lifecycle: Lifecycle; readonly drops: StoreDrops; readonly damage: StoreDamage },
): Promise<Store & Directory> {
  if (kind === 'memory') return new MemoryStore();
  // Loaded only where it is asked for: node:sqlite and two threads.
  const { openSqliteStore } = await import('../store/sqlite/open-sqlite-store.ts');
  const store = await openSqliteStore({
    folder: storeFolder(dataDir),
    retentionMs,
    rollUpRetentionMs,
    budgetBytes,
    wakeCell,
    clock,
    log,
    dropped: (dropped) => {
      drops.add(dropped);
    },
    leftOut: (count) => {
      damage.add(count);
    },
  });
  lifecycle.onStop(() => store.close());
  return store;
}

interface Listening {
  readonly hub: Hub;
  readonly alarms: Alarms;
  readonly arrivals: Arrivals;
  readonly lifecycle: Lifecycle;
}

async function listen(
  address: { readonly host: string; readonly port: number },
  { hub, alarms, arrivals, lifecycle }: Listening,
): Promise<void> {
  const shared: ServerConnectionOptions = {
    clock,
    alarms,
    tag,
    crowded: () => hub.isCrowded,
    perform: (action, peer) => {
      hub.reception.perform(action, peer);
    },
  };
  const accept = (link: Link): void => {
    hub.reception.accept(new ServerConnection(link, shared));
  };
  const listener = await listenTcp(address, accept, arrivals).catch((cause: unknown) => {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    throw listenError(`--listen tcp://${host}:${address.port}`, cause);
  });
  // Ends with the last connection, which the hub lets go of: not to be waited for here.
  lifecycle.onStop(() => void listener.close());
  hub.feed.report('info', 'listening', { listener: 'tcp', address: listener.address, port: listener.port });
}

/** Makes the log a listener of the feed like any other. */
function tellLog(feed: Feed, log: Log, readingLog: ReturnType<typeof createReadingLog>): () => void {
  const repeats = createRepeats({ log, clock });
  const unsubscribe = feed.subscribe({
    event: ({ level, event, fields }) => {
      readingLog.flush();
      if (!limitedEvents.has(event)) log(level, event, fields);
      else repeats.log(level, event, String(fields['client_id'] ?? hostOf(String(fields['peer'] ?? ''))), fields);
    },
    readings: (batch) => {
      readingLog.write(batch);
    },
  });
  return () => {
    unsubscribe();
    repeats.close();
    readingLog.close();
  };
}

/** The address of `address:port`: a peer that dials anew has another port. */
function hostOf(peer: string): string {
  return peer.slice(0, peer.lastIndexOf(':'));
}
