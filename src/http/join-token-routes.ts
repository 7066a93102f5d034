import type { FastifyInstance } from 'fastify';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import type { JoinTokens } from '../server/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { inTime } from './in-time.ts';
import {
  joinTokenBodySchema,
  joinTokenParamsSchema,
  joinTokenSchema,
  joinTokensSchema,
  newJoinTokenSchema,
} from './machine-schemas.ts';
import { sendProblem } from './problem.ts';
import { answer, noQuerySchema, refusals, storedChangeRefusals } from './schemas.ts';

/** Where machines join: the port of a TLS listener, and the SHA-256 of its certificate, lower-case hex. */
export interface JoinPlace {
  readonly port: number;
  readonly fingerprint: string;
}

export interface JoinTokenRouteOptions {
  readonly tokens: JoinTokens;
  /** Undefined where the server has no TLS listener: a join token goes over nothing else. */
  readonly joinPlace: () => JoinPlace | undefined;
  readonly clock: Clock;
  readonly limits: HttpLimits;
}

interface NewToken {
  Body: { uses: number; expires_seconds: number };
}

/** The join tokens: to look at, to make, and to revoke. */
export function addJoinTokenRoutes(
  app: FastifyInstance,
  { tokens, joinPlace, clock, limits }: JoinTokenRouteOptions,
): void {
  app.get(
    '/api/v1/join-tokens',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All join tokens, the newest first, without the tokens themselves',
        tags: ['machines'],
        querystring: noQuerySchema,
        response: {
          200: answer('The join tokens.', joinTokensSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host'),
        },
      },
    },
    async () => tokens.tokens(),
  );

  app.post<NewToken>(
    '/api/v1/join-tokens',
    {
      config: { scope: 'admin', action: 'join-token-made' },
      schema: {
        summary: 'Make a join token',
        description: 'Whoever has the token may let machines in with it; the server keeps its SHA-256 alone.',
        tags: ['machines'],
        querystring: noQuerySchema,
        body: joinTokenBodySchema,
        response: {
          201: answer('The token, which is shown this once.', newJoinTokenSchema),
          ...refusals(...storedChangeRefusals, 'body-too-large', 'unsupported-media-type', 'too-many-tokens'),
        },
      },
    },
    async ({ body: { uses, expires_seconds: seconds } }, reply) => {
      const wish = { usesMax: uses, expiresMs: clock.wallMs() + seconds * 1000 };
      const outcome = await inTime(tokens.newToken(wish), clock, limits.answerMsMax);
      switch (outcome.type) {
        case 'made':
          return reply.code(201).send({ token: outcome.token, place: joinPlace() ?? null, ...outcome.view });
        case 'too-many':
          return sendProblem(reply, 'too-many-tokens', outcome.reason);
        case 'store-unavailable':
          return sendProblem(
            reply,
            'store-unavailable',
            'The token could not be stored, so there is none; see /readyz and try again.',
          );
        case 'late':
          return sendProblem(
            reply,
            'answer-timeout',
            'The token was not stored in time; one that is listed without anybody knowing it can be revoked.',
          );
        default:
          return unreachable(outcome);
      }
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/v1/join-tokens/:id',
    {
      config: { scope: 'admin', action: 'join-token-revoked' },
      schema: {
        summary: 'Revoke a join token',
        description: 'Machines that it has let in stay.',
        tags: ['machines'],
        params: joinTokenParamsSchema,
        querystring: noQuerySchema,
        response: {
          200: answer('The token as it is now.', joinTokenSchema),
          ...refusals(...storedChangeRefusals, 'no-such-token'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const outcome = await inTime(tokens.revokeToken(id), clock, limits.answerMsMax);
      switch (outcome.type) {
        case 'done':
          return outcome.view;
        case 'no-such-token':
          return sendProblem(
            reply,
            'no-such-token',
            `No join token has the id ${id}; GET /api/v1/join-tokens lists them.`,
          );
        case 'store-unavailable':
          return sendProblem(
            reply,
            'store-unavailable',
            'The change could not be stored, so the token holds as before; see /readyz and try again.',
          );
        case 'late':
          return sendProblem(
            reply,
            'answer-timeout',
            'The change was not stored in time and may still take effect; look at the tokens before you send it again.',
          );
        default:
          return unreachable(outcome);
      }
    },
  );
}
