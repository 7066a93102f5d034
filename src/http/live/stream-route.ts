import type { FastifyInstance } from 'fastify';
import { beginEventStream, refuseEventStream } from '../event-answer.ts';
import type { HttpLimits } from '../http-limits.ts';
import { refusals } from '../schemas.ts';
import { FleetReader } from './fleet-reader.ts';
import type { FleetStreams } from './fleet-streams.ts';
import { streamQuerySchema } from './live-schemas.ts';

/** The fleet as it changes: server-sent events. */
export function addStreamRoute(app: FastifyInstance, streams: FleetStreams, limits: HttpLimits): void {
  app.get<{ Querystring: { unit?: string } }>(
    '/api/v1/fleet/stream',
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        summary: 'The overview of the fleet, as it changes',
        description:
          'Server-sent events. The first is `fleet`, all units as they are; then come `changes`, at most four a second, with what has changed since the one before: `rows` and `values` as those of ' +
          '`fleet`, `gone`, `events`, and with `unit` the `readings` of that unit. A reader that comes back with `Last-Event-ID` is told what has changed meanwhile, where that is known.',
        tags: ['fleet'],
        querystring: streamQuerySchema,
        response: {
          200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'too-many-streams', 'shutting-down'),
        },
      },
    },
    async (request, reply) => {
      if (streams.full) return refuseEventStream(reply, limits);
      const lastId = request.headers['last-event-id'];
      const formerTick = streams.tickOf(typeof lastId === 'string' ? lastId : undefined);
      const response = beginEventStream(reply);
      const reader = new FleetReader(response, { clientId: request.query.unit, formerTick }, limits);
      streams.add(reader, () => request.identity?.isCurrent() === true);
      response.on('drain', () => streams.drained(reader));
      response.on('close', () => streams.remove(reader));
      return reply;
    },
  );
}
