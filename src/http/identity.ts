import type { FastifyRequest } from 'fastify';
import type { Access, Holder, Scope } from '../access/contract.ts';
import type { Clock } from '../core/clock.ts';
import { hostKind, isLoopback, type HostNames } from './host-check.ts';
import { addressOf } from './refusal-log.ts';
import { sessionTokenOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; undefined: nobody whom the server knows. Set before any handler runs. */
    identity: Identity | undefined;
  }
}

/** Who sends a request. */
export interface Identity {
  /** An account, `token:` and the id of an API token, or `local`. */
  readonly who: string;
  readonly scope: Scope;
  readonly how: 'local' | 'token' | 'session';
  /** Whether the server would still say so: for answers that go on for hours. */
  readonly isCurrent: () => boolean;
}

export interface IdentityOptions {
  readonly access: Pick<Access, 'account' | 'byApiToken'>;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** `auto`: who comes from this machine to a loopback address needs no account. */
  readonly login: 'auto' | 'always';
  readonly names: HostNames;
}

/** Headers that proxies add. Whoever they pass on comes from elsewhere, though the proxy itself is on this machine. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/** Who sends the request: by its Authorization header, where it has one, or its session, or because it comes from this machine. Throws CodedError `access-failed`. */
export function identityOf(request: FastifyRequest, options: IdentityOptions): Identity | 'wrong-token' | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return byToken(authorization, options) ?? 'wrong-token';
  const token = sessionTokenOf(request);
  return (
    (token === undefined ? undefined : bySession(token, options)) ?? (isLocal(request, options) ? local : undefined)
  );
}

const local: Identity = { who: 'local', scope: 'admin', how: 'local', isCurrent: () => true };

function byToken(authorization: string, { access, clock }: IdentityOptions): Identity | undefined {
  const [, token] = /^bearer +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
  const look = (): Holder | undefined => access.byApiToken(token ?? '', clock.wallMs());
  const holder = look();
  if (holder === undefined) return undefined;
  return { who: holder.name, scope: holder.scope, how: 'token', isCurrent: () => look() !== undefined };
}

function bySession(token: string, { access, sessions, clock }: IdentityOptions): Identity | undefined {
  const look = (looking: 'only' | 'using'): Holder | undefined => {
    const session = sessions.find(token, clock.monotonicMs(), looking);
    if (session === undefined) return undefined;
    const holder = access.account(session.account);
    if (holder?.generation === session.generation) return holder;
    // Another password, another scope, or no such account any more.
    sessions.end(token);
    return undefined;
  };
  const holder = look('using');
  if (holder === undefined) return undefined;
  return { who: holder.name, scope: holder.scope, how: 'session', isCurrent: () => look('only') !== undefined };
}

function isLocal(request: FastifyRequest, { login, names }: IdentityOptions): boolean {
  const { headers } = request;
  return (
    login === 'auto' &&
    isLoopback(names.boundHost) &&
    isLoopback(addressOf(request)) &&
    (headers.host === undefined || hostKind(headers.host, names) === 'own') &&
    proxyHeaders.every((name) => headers[name] === undefined)
  );
}
