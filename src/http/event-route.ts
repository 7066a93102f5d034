import type { FastifyInstance } from 'fastify';
import type { EventQuery } from './event-filter.ts';
import { filterOf } from './event-filter.ts';
import { EventReader } from './event-reader.ts';
import type { EventStreams } from './event-streams.ts';
import type { HttpLimits } from './http-limits.ts';
import { beginEventStream, refuseEventStream } from './event-answer.ts';
import { eventQuerySchema, refusals } from './schemas.ts';

/** What happens, as it happens: server-sent events. */
export function addEventRoute(app: FastifyInstance, streams: EventStreams, limits: HttpLimits): void {
  app.get<{ Querystring: EventQuery }>(
    '/api/v1/events',
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens, as it happens',
        description:
          'Server-sent events. Each has the name of the log line of the same event, and `data` has its members: ' +
          '`time` (RFC 3339), `level`, `event`, and its fields. A reader that is too slow misses readings, and is told ' +
          'by an event `dropped` with their `count`. Nothing is kept for readers that are away.',
        tags: ['events'],
        querystring: eventQuerySchema,
        response: {
          200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'too-many-streams', 'shutting-down'),
        },
      },
    },
    async (request, reply) => {
      if (streams.full) return refuseEventStream(reply, limits);
      const response = beginEventStream(reply);
      const reader = new EventReader(response, filterOf(request.query), limits);
      streams.add(reader, () => request.identity?.isCurrent() === true);
      response.on('drain', () => streams.drained(reader));
      response.on('close', () => streams.remove(reader));
      return reply;
    },
  );
}
