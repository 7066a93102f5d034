import type { FastifyInstance } from 'fastify';
import type { Access, Scope } from '../access/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { answerAccessFault } from './access-faults.ts';
import { apiTokenBodySchema, apiTokenParamsSchema, apiTokensSchema, newApiTokenSchema } from './account-schemas.ts';
import { actorOf } from './audit-hooks.ts';
import { answer, changeRefusals, noQuerySchema, refusals } from './schemas.ts';

export interface ApiTokenRouteOptions {
  readonly access: Pick<Access, 'apiTokens' | 'addApiToken' | 'removeApiToken'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The API tokens: to look at, to make, and to remove. */
export function addApiTokenRoutes(app: FastifyInstance, { access, clock, log }: ApiTokenRouteOptions): void {
  app.get(
    '/api/v1/api-tokens',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'All API tokens, the oldest first, without the tokens themselves',
        tags: ['accounts'],
        querystring: noQuerySchema,
        response: {
          200: answer('The API tokens.', apiTokensSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'forbidden-scope', 'access-unavailable'),
        },
      },
    },
    async (_, reply) => {
      try {
        return await reply.send(access.apiTokens);
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  app.post<{ Body: { name: string; scope: Scope; expires_seconds: number | null } }>(
    '/api/v1/api-tokens',
    {
      config: { scope: 'admin', action: 'api-token-added', recordedBy: 'access' },
      schema: {
        summary: 'Make an API token',
        description: 'For a program, which sends it as `Authorization: Bearer`. The server keeps its SHA-256 alone.',
        tags: ['accounts'],
        querystring: noQuerySchema,
        body: apiTokenBodySchema,
        response: {
          201: answer('The token, which is shown this once.', newApiTokenSchema),
          ...refusals(...changeRefusals, 'body-too-large', 'unsupported-media-type', 'bad-account'),
        },
      },
    },
    async (request, reply) => {
      const { name, scope, expires_seconds: seconds } = request.body;
      const expiresMs = seconds === null ? undefined : clock.wallMs() + seconds * 1000;
      try {
        const { token, view } = access.addApiToken({ name, scope, expiresMs }, actorOf(request));
        return await reply.code(201).send({ token, ...view });
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/v1/api-tokens/:id',
    {
      config: { scope: 'admin', action: 'api-token-removed', recordedBy: 'access' },
      schema: {
        summary: 'Remove an API token',
        description: 'It counts no more, from now on.',
        tags: ['accounts'],
        params: apiTokenParamsSchema,
        querystring: noQuerySchema,
        response: {
          204: { description: 'There is no such token any more.' },
          ...refusals(...changeRefusals, 'no-such-api-token'),
        },
      },
    },
    async (request, reply) => {
      try {
        access.removeApiToken(request.params.id, actorOf(request));
        return await reply.code(204).send();
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );
}
