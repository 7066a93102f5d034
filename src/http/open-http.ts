import cookie from '@fastify/cookie';
import { hostname } from 'node:os';
import type { Access } from '../access/contract.ts';
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { listenError } from '../core/listen-error.ts';
import type { Log } from '../core/log.ts';
import type { SettingView } from '../api/contract.ts';
import type { Feed, Fleet, Health, JoinTokens, Machines } from '../server/contract.ts';
import type { Store } from '../store/contract.ts';
import { addAccountRoutes } from './account-routes.ts';
import { admit } from './admission.ts';
import { addApiTokenRoutes } from './api-token-routes.ts';
import { recordChanges } from './audit-hooks.ts';
import { addAuditRoute } from './audit-route.ts';
import { authenticate } from './authentication.ts';
import { addEventRoute } from './event-route.ts';
import { EventStreams } from './event-streams.ts';
import { addGapRoutes } from './gap-routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import { isLoopback } from './host-check.ts';
import type { HttpLimits } from './http-limits.ts';
import { httpLimits } from './http-limits.ts';
import { buildHttpServer, type HttpTls } from './http-server.ts';
import { addIntervalsRoute } from './intervals-route.ts';
import { addJoinTokenRoutes } from './join-token-routes.ts';
import { addLiveRoutes } from './live/live-routes.ts';
import { addMachineRoutes } from './machine-routes.ts';
import { addMetricsRoute } from './metrics/metrics-route.ts';
import { addOpenApiRoute, collectOpenApi } from './openapi.ts';
import { addPageRoutes } from './page/page-routes.ts';
import { Places } from './places.ts';
import { answerErrors } from './refusal-handlers.ts';
import { RefusalLog } from './refusal-log.ts';
import { addReadingRoute } from './reading-route.ts';
import { requireScopes } from './route-scope.ts';
import type { ServerFacts } from './server-facts.ts';
import { addServerRoutes } from './server-routes.ts';
import { addSessionRoutes } from './session-routes.ts';
import { Sessions } from './sessions.ts';
import { SilentConnections } from './silent-connections.ts';
import { addTagRoute } from './tag-route.ts';
import { addUnitEventRoutes } from './unit-event-routes.ts';
import { addUnitRoutes } from './unit-routes.ts';

export interface HttpOptions {
  /** Where to listen. IPv6 without brackets; `localhost` is 127.0.0.1; port 0 picks a free one. */
  readonly address: { readonly host: string; readonly port: number };
  readonly fleet: Fleet;
  readonly feed: Feed;
  readonly health: Health;
  /** Where readings are found again. */
  readonly store: Pick<Store, 'query' | 'steps'>;
  /** The program's, for openapi.json. */
  readonly version: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Who may use it, and where changes are recorded. */
  readonly access: Access;
  /** Those that hold keys, and what lets new ones in, where the server has them; `joinPlace` is where machines join, undefined where that cannot be. */
  readonly machines?: Machines;
  readonly tokens?: JoinTokens;
  readonly joinPlace?: () => { readonly port: number; readonly fingerprint: string } | undefined;
  /** What the server tells of itself, where it does; then there is `/metrics` as well. */
  readonly facts?: ServerFacts;
  readonly settings?: () => readonly SettingView[];
  /** The folder of the dashboard's files; undefined: there is no page. */
  readonly pageFolder?: string;
  /** `auto`, the default: who comes from this machine to a loopback address needs no account. */
  readonly login?: 'auto' | 'always';
  /** Names under which it is reached, besides its addresses and the machine's own name. */
  readonly hosts?: readonly string[];
  /** Given: HTTPS alone. */
  readonly tls?: HttpTls;
  /** Without TLS behind a proxy that speaks it: pages may come from `https:`. */
  readonly insecure?: boolean;
  /** What a reader of events that takes nothing may have waiting for it. */
  readonly slowReaderBytesMax?: number;
  /** For tests: others. */
  readonly limits?: Partial<HttpLimits>;
}

export interface OpenedHttp {
  readonly address: string;
  readonly port: number;
  /** Another certificate for connections from now on; nothing without TLS. Throws where certificate and key do not fit; then the former ones stay. */
  readonly replaceTls: (tls: HttpTls) => void;
  /** Ends event streams and idle connections at once, gives answers in hand `closeMsMax`, then cuts what is left. */
  close(): Promise<void>;
}

/**
 * Opens the HTTP API of docs/api.md. Rejects with a CodedError where it cannot listen. The caller logs `listening`, and has asked `checkHttpExposure` before.
 */
export async function openHttp(options: HttpOptions): Promise<OpenedHttp> {
  const { fleet, feed, health, store, version, log, clock, access } = options;
  const { machines, tokens, joinPlace = () => undefined, hosts = [], insecure = false } = options;
  const streamBufferedBytesMax = options.slowReaderBytesMax ?? httpLimits.streamBufferedBytesMax;
  const limits = { ...httpLimits, streamBufferedBytesMax, ...options.limits };
  const host = options.address.host === 'localhost' ? '127.0.0.1' : options.address.host;
  const state = { closing: false };

  const names = { boundHost: host, machine: hostname(), others: hosts };
  const refusals = new RefusalLog(log, clock);
  const sessions = new Sessions();

  const { app, replaceTls } = buildHttpServer(limits, { log, refusals, tls: options.tls });
  requireScopes(app);
  admit(app, { names, overTls: options.tls !== undefined, refusals, closing: () => state.closing });
  await app.register(cookie);
  const mayBeProxied = insecure || hosts.length > 0;
  authenticate(app, { access, sessions, clock, login: options.login ?? 'auto', names, mayBeProxied, refusals, log });
  recordChanges(app, access, log);
  answerErrors(app, { log, refusals });
  const describeRoutes = collectOpenApi(app, version);
  const silent = new SilentConnections(app.server);
  const streamPlaces = new Places(limits.streamsMax);
  const queryPlaces = new Places(limits.queriesMax);
  const streams = new EventStreams(feed, { clock, limits, places: streamPlaces });
  addHealthRoutes(app, health);
  addSessionRoutes(app, { access, sessions, clock, log, refusals });
  addUnitRoutes(app, { fleet, clock, limits });
  addGapRoutes(app, fleet);
  addUnitEventRoutes(app, { fleet, clock });
  addTagRoute(app, { fleet, clock, limits });
  addIntervalsRoute(app, { fleet, clock, limits });
  addReadingRoute(app, { fleet, store, clock, log, limits, places: queryPlaces });
  addEventRoute(app, streams, limits);
  const live = addLiveRoutes(app, { fleet, feed, store, clock, log, limits, streamPlaces, queryPlaces });
  const everybodyLogsIn = options.login === 'always' || !isLoopback(host);
  addAccountRoutes(app, { access, log, everybodyLogsIn });
  addApiTokenRoutes(app, { access, clock, log });
  addAuditRoute(app, { access, log });
  const { facts, settings = () => [], pageFolder } = options;
  const measured =
    facts === undefined
      ? undefined
      : addServerRoutes(app, { fleet, feed, health, facts, joinPlace, settings, clock, version });
  if (facts !== undefined && measured !== undefined)
    addMetricsRoute(app, { fleet, health, facts, clock, version, limits, troubles: measured.troubles });
  if (pageFolder !== undefined) await addPageRoutes(app, pageFolder);
  if (machines !== undefined) addMachineRoutes(app, { machines, clock, limits });
  if (tokens !== undefined) addJoinTokenRoutes(app, { tokens, joinPlace, clock, limits });
  addOpenApiRoute(app, describeRoutes);

  try {
    await app.listen({ host, port: options.address.port });
  } catch (error) {
    measured?.close();
    await live.end();
    await streams.end();
    await app.close();
    const shownHost = options.address.host.includes(':') ? `[${options.address.host}]` : options.address.host;
    throw listenError(`--http ${shownHost}:${options.address.port}`, error);
  }
  const bound = app.server.address();
  assert(typeof bound === 'object' && bound !== null, 'a TCP server has an address and a port');

  return {
    address: bound.address,
    port: bound.port,
    replaceTls,
    async close() {
      state.closing = true;
      const cancel = clock.after(limits.closeMsMax, () => app.server.closeAllConnections());
      // Before the server closes: Node.js would cut what the readers of streams have not taken yet.
      measured?.close();
      await Promise.all([streams.end(), live.end()]);
      silent.destroy();
      await app.close();
      cancel();
    },
  };
}
