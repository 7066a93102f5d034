import type { FastifyInstance } from 'fastify';
import type { IntervalsOutcome } from '../api/contract.ts';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Fleet, IntervalOutcome } from '../server/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { inTime } from './in-time.ts';
import { noSuchUnitDetail } from './no-such-unit.ts';
import { sendProblem, type ProblemName } from './problem.ts';
import {
  answer,
  intervalBodySchema,
  intervalSchema,
  noQuerySchema,
  refusals,
  storedChangeRefusals,
} from './schemas.ts';

/** Units of one request; `all` is without that bound. */
const unitsMax = 10_000;
/** As many ids as that, each with quotes, a comma and what an editor puts between them. */
const bodyBytesMax = 524_288;

type Wish = { readonly units: readonly string[] | 'all'; readonly seconds: number };

const intervalsBodySchema = {
  type: 'object',
  required: ['units', 'seconds'],
  additionalProperties: false,
  properties: {
    units: {
      description: 'The `client_id` of each, or `all`',
      anyOf: [
        { const: 'all' },
        {
          type: 'array',
          minItems: 1,
          maxItems: unitsMax,
          items: { type: 'string', minLength: 1, maxLength: limits.clientIdBytesMax },
        },
      ],
    },
    seconds: intervalBodySchema.properties.seconds,
  },
  examples: [
    { units: 'all', seconds: 5 },
    { units: ['Yw1l0Ck3aT8mQ2vN5xR7sA'], seconds: 0.5 },
  ],
} as const;

const intervalsOutcomeSchema = {
  type: 'object',
  required: ['accepted', 'refused'],
  properties: {
    accepted: {
      type: 'array',
      description: 'The units with the new wanted interval.',
      items: {
        type: 'object',
        required: ['client_id', 'name', 'interval'],
        properties: { client_id: { type: 'string' }, name: { type: 'string' }, interval: intervalSchema },
      },
    },
    refused: {
      type: 'array',
      items: {
        type: 'object',
        required: ['client_id', 'problem', 'detail'],
        properties: {
          client_id: { type: 'string' },
          problem: { type: 'string', enum: ['no-such-unit', 'unit-cannot', 'store-unavailable'] },
          detail: { type: 'string' },
        },
      },
    },
  },
} as const;

export interface IntervalsRouteOptions {
  readonly fleet: Pick<Fleet, 'ids' | 'setInterval'>;
  readonly clock: Clock;
  readonly limits: Pick<HttpLimits, 'answerMsMax'>;
}

/** The interval of many units at once. All of them are stored together. */
export function addIntervalsRoute(
  app: FastifyInstance,
  { fleet, clock, limits: { answerMsMax } }: IntervalsRouteOptions,
): void {
  app.put<{ Body: Wish }>(
    '/api/v1/intervals',
    {
      bodyLimit: bodyBytesMax,
      config: { scope: 'operate', action: 'intervals-set', auditedAs: countedOf },
      schema: {
        summary: 'Change how often many units send their readings',
        description:
          'As for one unit: answers at once, and each change is confirmed when `interval.state` of its unit is `confirmed` at the `rev` of this answer.',
        tags: ['units'],
        querystring: noQuerySchema,
        body: intervalsBodySchema,
        response: {
          202: answer('What became of it, unit by unit.', intervalsOutcomeSchema),
          ...refusals(...storedChangeRefusals, 'body-too-large', 'unsupported-media-type'),
        },
      },
    },
    async ({ body: { units, seconds } }, reply) => {
      const ids = units === 'all' ? fleet.ids() : [...new Set(units)];
      const all = Promise.all(ids.map(async (id) => ({ id, outcome: await fleet.setInterval(id, seconds) })));
      const outcomes = await inTime(all, clock, answerMsMax);
      if ('type' in outcomes) {
        return sendProblem(
          reply,
          'answer-timeout',
          'The changes were not stored in time and may still take effect; ask for the units before you send them again.',
        );
      }
      if (outcomes.length > 0 && outcomes.every(({ outcome }) => outcome.type === 'store-unavailable')) {
        return sendProblem(reply, 'store-unavailable', notStored);
      }
      return reply.code(202).send(joined(outcomes));
    },
  );
}

const notStored = 'The change could not be stored, so nothing was sent; see /readyz and try again.';

function joined(outcomes: readonly { readonly id: string; readonly outcome: IntervalOutcome }[]): IntervalsOutcome {
  const accepted: IntervalsOutcome['accepted'][number][] = [];
  const refused: IntervalsOutcome['refused'][number][] = [];
  const refuse = (client_id: string, problem: ProblemName, detail: string): void =>
    void refused.push({ client_id, problem, detail });
  for (const { id, outcome } of outcomes) {
    switch (outcome.type) {
      case 'accepted': {
        const { client_id, name, interval } = outcome.unit;
        accepted.push({ client_id, name, interval });
        break;
      }
      case 'no-such-unit':
        refuse(id, 'no-such-unit', noSuchUnitDetail(id));
        break;
      case 'unit-cannot':
        refuse(id, 'unit-cannot', outcome.reason);
        break;
      case 'store-unavailable':
        refuse(id, 'store-unavailable', notStored);
        break;
      default:
        unreachable(outcome);
    }
  }
  return { accepted, refused };
}

/** Of a body that has passed its schema: of ten thousand units the audit log says how many. */
function countedOf(body: unknown): Readonly<Record<string, string | number>> {
  if (typeof body !== 'object' || body === null || !('units' in body) || !('seconds' in body)) return {};
  return {
    units: Array.isArray(body.units) ? body.units.length : String(body.units),
    seconds: Number(body.seconds),
  };
}
