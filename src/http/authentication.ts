import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../core/log.ts';
import { reasonOf } from '../core/system-error.ts';
import { identityOf, type Identity, type IdentityOptions } from './identity.ts';
import { foreignOrigin } from './origin-check.ts';
import { sendProblem } from './problem.ts';
import type { RefusalLog } from './refusal-log.ts';
import { includesScope } from './route-scope.ts';
import { sessionTokenOf } from './session-cookie.ts';

export interface AuthenticationOptions extends IdentityOptions {
  /** A proxy that speaks TLS may stand in front. */
  readonly mayBeProxied: boolean;
  readonly refusals: RefusalLog;
  readonly log: Log;
}

/** Finds out who sends each request, and refuses those who may not, before their bodies are read. */
export function authenticate(app: FastifyInstance, options: AuthenticationOptions): void {
  const { refusals, log } = options;
  app.decorateRequest('identity', undefined);

  app.addHook('onRequest', async (request, reply) => {
    // A route without a scope cannot be; if there were one, it would be for few.
    const { scope = 'admin' } = request.routeOptions.config;
    let found: Identity | 'wrong-token' | undefined;
    try {
      found = identityOf(request, options);
    } catch (error) {
      log('error', 'access-failed', { reason: reasonOf(error) });
      return scope === 'public' ? undefined : accessUnavailable(reply);
    }
    const identity = found === 'wrong-token' ? undefined : found;
    const foreign = foreignOrigin(request, {
      overTls: request.protocol === 'https',
      mayBeProxied: options.mayBeProxied,
      // What serves everybody does nothing in a session's name.
      byCookie: identity?.how === 'session' && scope !== 'public',
    });
    if (foreign !== undefined && scope !== 'public') return fromElsewhere(request, reply, foreign);
    request.identity = identity;
    if (scope === 'public') {
      // Logging in is as much a change as any other; who looks whether the server is well may come from everywhere.
      return foreign !== undefined && request.method !== 'GET' ? fromElsewhere(request, reply, foreign) : undefined;
    }
    if (identity === undefined) {
      if (found === 'wrong-token') refusals.refused(request, 'unauthenticated', { reason: 'wrong or expired token' });
      else if (sessionTokenOf(request) !== undefined)
        refusals.refused(request, 'unauthenticated', { reason: 'a session that has ended, or never was' });
      return unauthenticated(reply, found === 'wrong-token');
    }
    if (includesScope(identity.scope, scope)) return undefined;
    refusals.refused(request, 'forbidden-scope', {
      who: identity.who,
      reason: `${identity.scope} is less than ${scope}`,
    });
    return sendProblem(
      reply,
      'forbidden-scope',
      `This needs the scope ${scope}, and ${identity.who} has ${identity.scope}; ask whoever administers this server.`,
    );
  });

  function fromElsewhere(request: FastifyRequest, reply: FastifyReply, reason: string): FastifyReply {
    refusals.refused(request, 'forbidden-origin', { reason });
    const rule = 'a change is taken from pages of this server only, and from programs that are no browsers';
    return sendProblem(reply, 'forbidden-origin', `${reason}: ${rule}.`);
  }
}

export function accessUnavailable(reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    'access-unavailable',
    'The accounts or the audit log of this server cannot be read or written, so nothing was done; its log has the cause under access-failed.',
  );
}

export function unauthenticated(reply: FastifyReply, isWrong: boolean): FastifyReply {
  const detail = isWrong
    ? 'The Authorization header holds no API token of this server, or one that has expired or was removed; telemetryctl api-token list shows those there are.'
    : 'Log in with POST /api/v1/session, or send Authorization: Bearer and an API token, which telemetryctl api-token new makes.';
  // RFC 6750, section 3.
  reply.header('www-authenticate', isWrong ? 'Bearer error="invalid_token"' : 'Bearer');
  return sendProblem(reply, 'unauthenticated', detail);
}
