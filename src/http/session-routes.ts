import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { unauthenticated } from './authentication.ts';
import { addOwnPasswordRoute } from './own-password-route.ts';
import { PasswordChecks } from './password-checks.ts';
import { sendProblem } from './problem.ts';
import { peerOf, type RefusalLog } from './refusal-log.ts';
import { answer, noQuerySchema, refusals as refusalDocuments } from './schemas.ts';
import { sessionTokenOf, setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface SessionRouteOptions {
  readonly access: Pick<Access, 'byPassword' | 'setPassword'>;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalLog;
}

const loginSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'password'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 64 },
    password: { type: 'string', minLength: 1, maxLength: 256 },
  },
  examples: [{ name: 'ada', password: 'a few words of your own' }],
} as const;

const whoSchema = {
  type: 'object',
  required: ['name', 'scope', 'how'],
  properties: {
    name: { type: 'string', description: 'The account, `token:` and the id of the API token, or `local`' },
    scope: { type: 'string', enum: ['read', 'operate', 'admin'], description: 'Each includes those before it' },
    how: {
      type: 'string',
      enum: ['local', 'token', 'session'],
      description: '`local`: from this machine, without an account',
    },
  },
} as const;

/** Log in, look who one is, change one's password, log out. */
export function addSessionRoutes(app: FastifyInstance, options: SessionRouteOptions): void {
  const { access, sessions, clock, log, refusals } = options;
  const checks = new PasswordChecks({ access, clock, log, refusals });
  addOwnPasswordRoute(app, { access, checks, log });

  app.post<{ Body: { name: string; password: string } }>(
    '/api/v1/session',
    {
      config: { scope: 'public', unaudited: true },
      schema: {
        summary: 'Log in',
        description:
          'Answers with a cookie. A session ends after 12 h without a request, after 7 days, and with the password.',
        tags: ['session'],
        querystring: noQuerySchema,
        body: loginSchema,
        response: {
          204: { description: 'Logged in; `Set-Cookie` has the session.' },
          ...refusalDocuments(
            'bad-request',
            'unauthenticated',
            'forbidden-host',
            'forbidden-origin',
            'unsupported-media-type',
            'too-many-attempts',
            'access-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { name, password } = request.body;
      const holder = await checks.check(request, reply, { name, password, reason: 'wrong name or password' });
      if (holder === 'answered') return reply;
      if (holder === 'wrong') {
        reply.header('www-authenticate', 'Bearer');
        return sendProblem(reply, 'unauthenticated', 'There is no such account, or this is not its password.');
      }
      // What the browser had before may have been given to it by somebody else.
      const former = sessionTokenOf(request);
      if (former !== undefined) sessions.end(former);
      setSessionCookie(request, reply, sessions.begin(holder, clock.monotonicMs()));
      log('info', 'login', { account: holder.name, peer: peerOf(request) });
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/session',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Who sends this request, and what it may do',
        tags: ['session'],
        querystring: noQuerySchema,
        response: {
          200: answer('Who.', whoSchema),
          ...refusalDocuments('bad-request', 'unauthenticated', 'forbidden-host'),
        },
      },
    },
    async ({ identity }, reply) =>
      identity === undefined
        ? unauthenticated(reply, false)
        : { name: identity.who, scope: identity.scope, how: identity.how },
  );

  app.delete(
    '/api/v1/session',
    {
      config: { scope: 'read', unaudited: true },
      schema: {
        summary: 'Log out',
        tags: ['session'],
        querystring: noQuerySchema,
        response: {
          204: { description: 'The session has ended; without one, nothing has happened.' },
          ...refusalDocuments('bad-request', 'unauthenticated', 'forbidden-host', 'forbidden-origin'),
        },
      },
    },
    async (request, reply) => {
      const token = sessionTokenOf(request);
      if (token !== undefined && request.identity?.how === 'session') {
        sessions.end(token);
        log('info', 'logout', { account: request.identity.who, peer: peerOf(request) });
      }
      setSessionCookie(request, reply, undefined);
      return reply.code(204).send();
    },
  );
}
