import type { FastifyInstance } from 'fastify';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { textOfTags, type Tags } from '../core/tags.ts';
import type { Fleet } from '../server/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { inTime } from './in-time.ts';
import { noSuchUnit } from './no-such-unit.ts';
import { sendProblem } from './problem.ts';
import { answer, noQuerySchema, refusals, storedChangeRefusals, unitParamsSchema, unitSchema } from './schemas.ts';

const { tagsMax, tagNameCharactersMax, tagValueCharactersMax } = limits;
/** The audit log has the line before anybody has counted: what is longer than all tags that a unit may have is cut. */
const auditedCharactersMax = tagsMax * (tagNameCharactersMax + tagValueCharactersMax + '=, '.length);

/** What the tags may be, `bad-request` says in words of its own; names and lengths are here for the description. */
const tagsBodySchema = {
  type: 'object',
  required: ['tags'],
  additionalProperties: false,
  properties: {
    tags: {
      type: 'object',
      description:
        `All tags of the unit from now on, at most ${tagsMax}: none takes them away. A name is a letter a-z, then letters, digits, and _ . -, ` +
        `at most ${tagNameCharactersMax} characters; a value has 1 to ${tagValueCharactersMax} characters, none of them a control character.`,
      additionalProperties: { type: 'string' },
    },
  },
  examples: [{ tags: { place: 'roof', rack: '7' } }],
} as const;

export interface TagRouteOptions {
  readonly fleet: Pick<Fleet, 'setTags'>;
  readonly clock: Clock;
  readonly limits: Pick<HttpLimits, 'answerMsMax'>;
}

/** Words that people put on units. */
export function addTagRoute(app: FastifyInstance, { fleet, clock, limits: { answerMsMax } }: TagRouteOptions): void {
  app.put<{ Params: { id: string }; Body: { tags: Tags } }>(
    '/api/v1/units/:id/tags',
    {
      config: {
        scope: 'operate',
        action: 'tags-set',
        auditedAs: (body) => ({ tags: textOfTags(tagsIn(body)).slice(0, auditedCharactersMax) }),
      },
      schema: {
        summary: 'Put tags on a unit',
        description: 'In place of those that it had.',
        tags: ['units'],
        params: unitParamsSchema,
        querystring: noQuerySchema,
        body: tagsBodySchema,
        response: {
          200: answer('The unit, with its tags.', unitSchema),
          ...refusals(...storedChangeRefusals, 'no-such-unit', 'body-too-large', 'unsupported-media-type'),
        },
      },
    },
    async ({ params, body }, reply) => {
      const outcome = await inTime(fleet.setTags(params.id, body.tags), clock, answerMsMax);
      switch (outcome.type) {
        case 'done':
          return outcome.unit;
        case 'no-such-unit':
          return noSuchUnit(reply, params.id);
        case 'bad-tags':
          return sendProblem(reply, 'bad-request', `${outcome.reason}.`, {
            errors: [{ detail: outcome.reason, pointer: '#/tags' }],
          });
        case 'store-unavailable':
          return sendProblem(
            reply,
            'store-unavailable',
            'The tags could not be stored, so the unit has its former ones; see /readyz and try again.',
          );
        case 'late':
          return sendProblem(
            reply,
            'answer-timeout',
            'The tags were not stored in time and may still be; ask for the unit before you send them again.',
          );
        default:
          return unreachable(outcome);
      }
    },
  );
}

/** Of a body that has passed its schema. */
function tagsIn(body: unknown): Tags {
  const tags = typeof body === 'object' && body !== null && 'tags' in body ? body.tags : undefined;
  if (typeof tags !== 'object' || tags === null) return {};
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]));
}
