import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Feed, Fleet } from '../../server/contract.ts';
import type { Store } from '../../store/contract.ts';
import type { HttpLimits } from '../http-limits.ts';
import type { Places } from '../places.ts';
import { sendProblem } from '../problem.ts';
import { answer, noQuerySchema, refusals } from '../schemas.ts';
import { FleetStreams } from './fleet-streams.ts';
import { fleetSchema } from './live-schemas.ts';
import { addStreamRoute } from './stream-route.ts';
import { addTrailRoute } from './trail-route.ts';
import { TrailShelf } from './trail-shelf.ts';

export interface LiveRouteOptions {
  readonly fleet: Fleet;
  readonly feed: Feed;
  readonly store: Pick<Store, 'steps'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: HttpLimits;
  /** Shared with the other event streams, and with the other queries. */
  readonly streamPlaces: Places;
  readonly queryPlaces: Places;
}

/** The overview of the fleet: as it is, as it changes, and its last hour. `end` ends the streams; it resolves when their readers have taken the end or were cut. */
export function addLiveRoutes(app: FastifyInstance, options: LiveRouteOptions): { end(): Promise<void> } {
  const { fleet, feed, store, clock, log, limits, streamPlaces, queryPlaces } = options;
  const streams = new FleetStreams({ fleet, feed, clock, limits, places: streamPlaces });
  const shelf = new TrailShelf({ fleet, store, clock, places: queryPlaces, keptMax: limits.trailsKeptMax });

  app.get(
    '/api/v1/fleet',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The overview of the fleet, as it is',
        tags: ['fleet'],
        querystring: noQuerySchema,
        response: {
          200: answer('The fleet.', fleetSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'shutting-down'),
        },
      },
    },
    async (_, reply) => {
      const snapshot = await streams.snapshot();
      if (snapshot === undefined) return sendProblem(reply, 'shutting-down', 'The server is shutting down.');
      return reply.type('application/json; charset=utf-8').send(snapshot);
    },
  );
  addStreamRoute(app, streams, limits);
  addTrailRoute(app, { shelf, log, limits });

  return {
    end() {
      shelf.end();
      return streams.end();
    },
  };
}
