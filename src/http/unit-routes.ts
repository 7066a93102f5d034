import type { FastifyInstance } from 'fastify';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import type { Fleet } from '../server/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { inTime } from './in-time.ts';
import { noSuchUnit } from './no-such-unit.ts';
import { sendProblem } from './problem.ts';
import {
  answer,
  intervalBodySchema,
  noQuerySchema,
  refusals,
  storedChangeRefusals,
  unitParamsSchema,
  unitSchema,
  unitsSchema,
} from './schemas.ts';

export interface UnitRouteOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly limits: HttpLimits;
}

interface OneUnit {
  Params: { id: string };
}

/** The units: to look at, and to set the interval of. */
export function addUnitRoutes(app: FastifyInstance, { fleet, clock, limits }: UnitRouteOptions): void {
  app.get(
    '/api/v1/units',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All units, by name',
        tags: ['units'],
        querystring: noQuerySchema,
        response: {
          200: answer('The units.', unitsSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host'),
        },
      },
    },
    async () => fleet.units(),
  );

  app.get<OneUnit>(
    '/api/v1/units/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'One unit',
        tags: ['units'],
        params: unitParamsSchema,
        querystring: noQuerySchema,
        response: {
          200: answer('The unit.', unitSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'no-such-unit'),
        },
      },
    },
    async ({ params }, reply) => fleet.unit(params.id) ?? noSuchUnit(reply, params.id),
  );

  app.put<OneUnit & { Body: { seconds: number } }>(
    '/api/v1/units/:id/interval',
    {
      config: { scope: 'operate', action: 'interval-set' },
      schema: {
        summary: 'Change how often a unit sends its readings',
        description:
          'Answers at once. The change is confirmed when `interval.state` of the unit is `confirmed` at the `rev` of this answer.',
        tags: ['units'],
        params: unitParamsSchema,
        querystring: noQuerySchema,
        body: intervalBodySchema,
        response: {
          202: answer('The unit, with the new wanted interval.', unitSchema),
          ...refusals(
            ...storedChangeRefusals,
            'no-such-unit',
            'body-too-large',
            'unsupported-media-type',
            'unit-cannot',
          ),
        },
      },
    },
    async ({ params, body }, reply) => {
      const outcome = await inTime(fleet.setInterval(params.id, body.seconds), clock, limits.answerMsMax);
      switch (outcome.type) {
        case 'accepted':
          return reply.code(202).send(outcome.unit);
        case 'no-such-unit':
          return noSuchUnit(reply, params.id);
        case 'unit-cannot':
          return sendProblem(reply, 'unit-cannot', outcome.reason);
        case 'store-unavailable':
          return sendProblem(
            reply,
            'store-unavailable',
            'The change could not be stored, so nothing was sent; see /readyz and try again.',
          );
        case 'late':
          return sendProblem(
            reply,
            'answer-timeout',
            'The change was not stored in time and may still take effect; ask for the unit before you send it again.',
          );
        default:
          return unreachable(outcome);
      }
    },
  );
}
