import type { FastifyInstance } from 'fastify';
import type { Log } from '../../core/log.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { HttpLimits } from '../http-limits.ts';
import { sendProblem } from '../problem.ts';
import { answer, refusals } from '../schemas.ts';
import { tooManyQueries } from '../too-many-queries.ts';
import { trailsQuerySchema, trailsSchema } from './live-schemas.ts';
import type { TrailShelf } from './trail-shelf.ts';

/** The last hour of some units. */
export function addTrailRoute(
  app: FastifyInstance,
  { shelf, log, limits }: { readonly shelf: TrailShelf; readonly log: Log; readonly limits: HttpLimits },
): void {
  app.get<{ Querystring: { units: string } }>(
    '/api/v1/fleet/trails',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The last hour of some units, a value a minute',
        tags: ['fleet'],
        querystring: trailsQuerySchema,
        response: {
          200: answer('The trails.', trailsSchema),
          ...refusals(
            'bad-request',
            'unauthenticated',
            'forbidden-host',
            'store-unavailable',
            'too-many-queries',
            'shutting-down',
          ),
        },
      },
    },
    async ({ query }, reply) => {
      const clientIds = query.units.split(',');
      if (clientIds.length > limits.trailUnitsMax) {
        const detail = `units names ${clientIds.length} units; ${limits.trailUnitsMax} are answered at a time`;
        return sendProblem(reply, 'bad-request', `${detail}.`, { errors: [{ detail, parameter: 'units' }] });
      }
      let trails: string | undefined;
      try {
        trails = await shelf.trails(clientIds);
      } catch (error) {
        if (shelf.hasEnded) return sendProblem(reply, 'shutting-down', 'The server is shutting down.');
        log('error', 'query-failed', { reason: reasonOf(error) });
        const detail = 'The store cannot be read; see /readyz, and the log of the server under query-failed.';
        return sendProblem(reply, 'store-unavailable', detail);
      }
      if (trails === undefined) return tooManyQueries(reply, limits);
      return reply.type('application/json; charset=utf-8').send(trails);
    },
  );
}
