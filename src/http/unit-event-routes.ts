import type { FastifyInstance } from 'fastify';
import type { UnitEventView } from '../api/contract.ts';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { Fleet } from '../server/contract.ts';
import { noSuchUnit } from './no-such-unit.ts';
import { sendProblem } from './problem.ts';
import { storeQuery } from './reading-query.ts';
import { answer, refusals, unitParamsSchema } from './schemas.ts';

/** How far back it goes where nothing is said. */
const usualMs = 86_400_000;

const unitEventsSchema = {
  type: 'array',
  description: 'Oldest first.',
  maxItems: limits.eventsAUnitMax,
  items: {
    type: 'object',
    description: 'Something that happened to the unit, as the log has it.',
    required: ['time', 'event', 'details'],
    properties: {
      time: { type: 'string', format: 'date-time', description: 'RFC 3339, UTC, by the clock of the server' },
      event: { type: 'string', description: 'As in the log: `registered`, `lost`, `interval-confirmed`' },
      details: {
        type: 'object',
        description: 'The other fields of the line.',
        additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      },
    },
  },
} as const;

const unitEventQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { type: 'string', description: 'RFC 3339 or milliseconds; without it, 24 hours before `to`' },
    to: { type: 'string', description: 'The same; without it, now' },
  },
} as const;

/** What happened to a unit. */
export function addUnitEventRoutes(
  app: FastifyInstance,
  { fleet, clock }: { readonly fleet: Pick<Fleet, 'events'>; readonly clock: Clock },
): void {
  app.get<{ Params: { id: string }; Querystring: { from?: string; to?: string } }>(
    '/api/v1/units/:id/events',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What happened to a unit',
        description: `Of each unit the newest ${limits.eventsAUnitMax} events are kept.`,
        tags: ['units'],
        params: unitParamsSchema,
        querystring: unitEventQuerySchema,
        response: {
          200: answer('The events.', unitEventsSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'no-such-unit', 'store-unavailable'),
        },
      },
    },
    async ({ params, query }, reply) => {
      const range = storeQuery(params.id, query);
      if (!('clientId' in range)) {
        return sendProblem(reply, 'bad-request', `${range.map(({ detail }) => detail).join('; ')}.`, { errors: range });
      }
      const { clientId, toMs } = range;
      const fromMs = query.from === undefined ? Math.min(toMs, clock.wallMs()) - usualMs : range.fromMs;
      let events: readonly UnitEventRecord[] | undefined;
      try {
        events = await fleet.events(clientId, fromMs, toMs);
      } catch {
        return sendProblem(reply, 'store-unavailable', 'The store cannot be read; see /readyz, and try again.');
      }
      return events?.map(viewOf) ?? noSuchUnit(reply, params.id);
    },
  );
}

function viewOf({ timeMs, event, details }: UnitEventRecord): UnitEventView {
  return { time: new Date(timeMs).toISOString(), event, details };
}
