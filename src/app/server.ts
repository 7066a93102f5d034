import { hostname } from 'node:os';
import { isLoopback } from '../core/address-block.ts';
import { reasonOf } from '../core/system-error.ts';
import type { Log } from '../core/log.ts';
import type { Reloaded } from '../config/command-line.ts';
import type { ServerConfig } from '../config/contract.ts';
import type { SettingInForce } from '../config/settings-view.ts';
import { joinLittle, joinMuch } from '../server/commit-pace.ts';
import { Hub } from '../server/hub.ts';
import { StoreDamage } from '../server/store-damage.ts';
import { StoreDrops } from '../server/store-drops.ts';
import type { Directory, Store } from '../store/contract.ts';
import { MemoryStore } from '../store/memory.ts';
import { Arrivals } from '../transport/arrivals.ts';
import { DatagramPace } from '../transport/datagram-pace.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import { systemLoop as loop, wakeCell } from '../transport/system-loop.ts';
import { DatagramSender } from '../transport/udp.ts';
import type { ServerTls } from './certificate/server-tls.ts';
import { Lifecycle } from './lifecycle.ts';
import { randomJoinToken, randomNonce, sha256Base64url, verifyProof } from './machine-proof.ts';
import { preparePrivateFolder } from './private-folder.ts';
import { randomId } from './secrets.ts';
import { serveHttp } from './serve-http.ts';
import { serverFacts } from './server-facts.ts';
import { openServerListeners } from './server-listeners.ts';
import { openServerLog } from './server-log.ts';
import { SettingsReload, type LiveSettings } from './server-reload.ts';
import { storeFolder } from './store-folder.ts';
import { aborted, type Surface } from './surface.ts';

/** All that the server does from the signal to leave on; a service manager waits longer. */
const stopMsMax = 20_000;

/** What a server begins with. */
export interface ServerStart {
  readonly config: ServerConfig;
  readonly warnings: readonly string[];
  /** The settings as people are shown them; undefined: none are. */
  readonly settings?: readonly SettingInForce[];
  /** The settings as they are written now, for when it is asked to read them again; undefined: it never does. */
  readonly reread?: () => Promise<Reloaded>;
}

/** Runs the server until it is told to leave. Rejects with a CodedError where it cannot start. */
export async function runServer(start: ServerStart, surface: Surface): Promise<void> {
  const { stop } = await startServer(start, surface);
  await aborted(surface.signal);
  await stop();
}

/** Resolves when the server listens. `stop` answers what is in hand, commits, and closes. */
export async function startServer(
  start: ServerStart,
  surface: Surface,
): Promise<{ readonly stop: () => Promise<void> }> {
  const lifecycle = new Lifecycle(clock);
  const stop = (): Promise<void> => lifecycle.stop(stopMsMax);
  try {
    await open(start, surface, lifecycle);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function open(start: ServerStart, surface: Surface, lifecycle: Lifecycle): Promise<void> {
  const { config, warnings, reread } = start;
  const settings: LiveSettings = { config, shown: start.settings ?? [] };
  const serverLog = await openServerLog(() => settings.config, surface, lifecycle);
  const { log } = serverLog;
  // Before anything is said that somebody may take for a sign to send it: the signal ends a program that does not listen to it.
  const reloading = Promise.withResolvers<SettingsReload>();
  if (reread !== undefined) {
    lifecycle.onStop(surface.onReload(() => void reloading.promise.then((reload) => reload.run())));
  }
  for (const warning of warnings) log('warn', 'configuration', { reason: warning });
  preparePrivateFolder(config.dataDir, '--data-dir');

  const arrivals = new Arrivals({
    turnHandled: () => {
      hub.turnHandled();
    },
    turnOver: () => {
      hub.turnOver();
    },
  });
  const { hub, store } = await openHub({ settings, log, lifecycle, arrivals });
  serverLog.follow(hub.feed);
  await hub.restore();
  lifecycle.onStop(() => hub.shutDown());

  const { report } = hub.feed;
  if (config.auth.mode === 'tofu') {
    report('info', 'trust-on-first-use', {
      reason:
        'the first key that comes for a name binds it; on a network that is not yours, set auth.mode to approve or token',
    });
  }
  const tls = await openTls(config, report);
  const ports: { tcp?: number; tls?: number } = {};
  const http = await serveHttp({
    config,
    lifecycle,
    fleet: hub,
    feed: hub.feed,
    health: hub,
    store,
    machines: hub.machines,
    tokens: hub.joinTokens,
    joinPlace: () =>
      tls === undefined || ports.tls === undefined
        ? undefined
        : { port: ports.tls, fingerprint: tls.certificate.fingerprint },
    facts: serverFacts({ figures: hub, store, config, tcpPort: () => ports.tcp, usage: surface.usage }),
    settings: () => settings.shown,
    version: surface.version,
    log,
    clock,
    ...(tls !== undefined && { tls: tls.certificate }),
  });
  const limits = (): ServerConfig['limits'] => settings.config.limits;
  const { tcpPort, tlsPort } = await openServerListeners({
    addresses: config.listen,
    hub,
    arrivals,
    limits,
    tls,
    lifecycle,
  });
  if (tcpPort !== undefined) ports.tcp = tcpPort;
  if (tlsPort !== undefined) ports.tls = tlsPort;

  if (reread !== undefined) reloading.resolve(new SettingsReload({ settings, reread, tls, http, log }));
}

/** The certificate, where anything shows it. Loaded only there: TLS takes memory. */
async function openTls({ listen, http, tls, dataDir }: ServerConfig, report: Log): Promise<ServerTls | undefined> {
  const isShown =
    listen.some(({ scheme }) => scheme === 'tls') || (http !== undefined && !http.insecure && !isLoopback(http.host));
  if (!isShown) return undefined;
  const { openServerTls } = await import('./certificate/server-tls.ts');
  return openServerTls({ dataDir, given: tls, hostname: hostname(), clock, report });
}

async function openHub({
  settings,
  log,
  lifecycle,
  arrivals,
}: {
  readonly settings: LiveSettings;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  readonly arrivals: Arrivals;
}): Promise<{ readonly hub: Hub; readonly store: Store & Directory }> {
  const { config } = settings;
  const drops = new StoreDrops({ clock, log, retentionMs: config.store.retentionMs });
  lifecycle.onStop(() => {
    drops.close();
  });
  const damage = new StoreDamage();
  const store = await openStore(config, { log, lifecycle, drops, damage });
  const pace = new DatagramPace({
    perSecondMax: () => settings.config.limits.datagramsPerSecondMax,
    clock,
    report: (level, event, fields) => {
      hub.feed.report(level, event, fields);
    },
  });
  const datagrams = new DatagramSender(pace);
  lifecycle.onStop(() => datagrams.close());
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
    randomNonce,
    randomJoinToken,
    sha256: sha256Base64url,
    verify: verifyProof,
    auth: () => settings.config.auth,
    limits: () => settings.config.limits,
    intervalSeconds: config.intervalSeconds,
    allowOtherAddress: config.udp.allowOtherAddress,
    condition: () => ({ notes: [...drops.notes, ...damage.notes], leftOut: damage.leftOut }),
    sendDatagram: (frame, destination) => {
      datagrams.send(frame, destination).catch((error: unknown) => {
        const { to, port } = destination;
        hub.feed.report('debug', 'datagram-failed', { to, port, reason: reasonOf(error) });
      });
    },
  });
  return { hub, store };
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
