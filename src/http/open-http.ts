import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { listenError } from '../core/listen-error.ts';
import type { Log } from '../core/log.ts';
import type { Feed, Fleet, Health } from '../server/contract.ts';
import type { Store } from '../store/contract.ts';
import { admit } from './admission.ts';
import { addEventRoute } from './event-route.ts';
import { EventStreams } from './event-streams.ts';
import { addGapRoutes } from './gap-routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import type { HttpLimits } from './http-limits.ts';
import { httpLimits } from './http-limits.ts';
import { addOpenApiRoute, collectOpenApi } from './openapi.ts';
import { answerBadRequest, answerError, answerErrors } from './refusal-handlers.ts';
import { addReadingRoute } from './reading-route.ts';
import { SilentConnections } from './silent-connections.ts';
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
  /** For tests: others. */
  readonly limits?: Partial<HttpLimits>;
}

export interface OpenedHttp {
  readonly address: string;
  readonly port: number;
  /** Ends event streams and idle connections at once, gives answers in hand `closeMsMax`, then cuts what is left. */
  close(): Promise<void>;
}

/**
 * Opens the HTTP API of docs/api.md. Rejects with a CodedError where it cannot listen. The caller logs `listening`.
 */
export async function openHttp(options: HttpOptions): Promise<OpenedHttp> {
  const { fleet, feed, health, store, version, log, clock } = options;
  const limits = { ...httpLimits, ...options.limits };
  const host = options.address.host === 'localhost' ? '127.0.0.1' : options.address.host;
  const state = { closing: false };

  const app = build(limits, log);
  admit(app, { boundHost: host, closing: () => state.closing });
  answerErrors(app, log);
  await collectOpenApi(app, version);
  const silent = new SilentConnections(app.server);
  const streams = new EventStreams(feed, clock, limits);
  addHealthRoutes(app, health);
  addUnitRoutes(app, { fleet, clock, limits });
  addGapRoutes(app, fleet);
  addReadingRoute(app, { fleet, store, clock, log, limits });
  addEventRoute(app, streams, limits);
  addOpenApiRoute(app);

  try {
    await app.listen({ host, port: options.address.port });
  } catch (error) {
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
    async close() {
      state.closing = true;
      const cancel = clock.after(limits.closeMsMax, () => app.server.closeAllConnections());
      // Before the server closes: Node.js would cut what the readers of streams have not taken yet.
      await streams.end();
      silent.destroy();
      await app.close();
      cancel();
    },
  };
}

function build(limits: HttpLimits, log: Log): FastifyInstance {
  const app = fastify({
    http: {
      headersTimeout: limits.headersMsMax,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: limits.headerBytesMax,
      // admission.ts answers for itself, with a problem document.
      requireHostHeader: false,
    },
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMsMax,
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    clientErrorHandler: answerBadRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, log),
    // "5" is not 5, and a member that nobody knows is a mistake that somebody should hear of.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, multipleOfPrecision: 6 } },
  });
  app.server.maxConnections = limits.connectionsMax;
  app.removeContentTypeParser('text/plain');
  // Schemas of answers document them; what the fleet gives goes out as it is.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return app;
}
