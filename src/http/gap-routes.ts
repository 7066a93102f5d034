import type { FastifyInstance } from 'fastify';
import type { GapView } from '../core/gap.ts';
import type { Fleet } from '../server/contract.ts';
import { noSuchUnit } from './no-such-unit.ts';
import { sendProblem } from './problem.ts';
import { storeQuery } from './reading-query.ts';
import { answer, refusals, unitParamsSchema } from './schemas.ts';

const time = { type: 'string', format: 'date-time', description: 'RFC 3339, UTC, by the clock of the unit' } as const;

const gapsSchema = {
  type: 'array',
  description: 'Oldest first.',
  items: {
    type: 'object',
    description: 'A stretch without readings, from the last before it to the first after it.',
    required: ['reason', 'from', 'to'],
    properties: {
      reason: {
        type: 'string',
        enum: ['lost', 'host-off', 'link-down', 'left', 'sensor-gone', 'spool-dropped'],
        description: '`link-down`: they came later, and nothing is missing',
      },
      sensor: { type: 'string', description: 'Of `sensor-gone` alone, as is `id`' },
      id: { type: 'string' },
      from: time,
      to: { anyOf: [time, { type: 'null' }], description: 'Null while it lasts' },
      count: { type: 'integer', description: 'Of `spool-dropped` alone: how many readings' },
    },
  },
} as const;

const gapQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { type: 'string', description: 'RFC 3339 or milliseconds; gaps that end earlier are left out' },
    to: { type: 'string', description: 'The same; gaps that begin then or later are left out' },
  },
} as const;

/** Why readings of a unit are missing. */
export function addGapRoutes(app: FastifyInstance, fleet: Pick<Fleet, 'gaps'>): void {
  app.get<{ Params: { id: string }; Querystring: { from?: string; to?: string } }>(
    '/api/v1/units/:id/gaps',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Why readings of a unit are missing',
        tags: ['readings'],
        params: unitParamsSchema,
        querystring: gapQuerySchema,
        response: {
          200: answer('The gaps.', gapsSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'no-such-unit', 'store-unavailable'),
        },
      },
    },
    async ({ params, query }, reply) => {
      const range = storeQuery(params.id, query);
      if (!('clientId' in range)) {
        return sendProblem(reply, 'bad-request', `${range.map(({ detail }) => detail).join('; ')}.`, { errors: range });
      }
      let gaps: readonly GapView[] | undefined;
      try {
        gaps = await fleet.gaps(range.clientId, range.fromMs, range.toMs);
      } catch {
        return sendProblem(reply, 'store-unavailable', 'The store cannot be read; see /readyz, and try again.');
      }
      return gaps ?? noSuchUnit(reply, params.id);
    },
  );
}
