import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionMsMax } from './sessions.ts';

/** A browser takes a cookie of this name from this very server over TLS alone (RFC 6265bis, 4.1.3.2), so that no neighbour can plant one. */
const secureName = '__Host-telemetry-session';
const plainName = 'telemetry-session';

/** The token of the session that the request says it belongs to. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  const { cookies } = request;
  return cookies[secureName] ?? (request.protocol === 'https' ? undefined : cookies[plainName]);
}

/** `token` undefined takes the cookie away. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string | undefined): void {
  // The page came over TLS, from a proxy, where the origin says so: it has been compared with the Host header.
  const isSecure = request.protocol === 'https' || request.headers.origin?.startsWith('https:') === true;
  reply.setCookie(isSecure ? secureName : plainName, token ?? '', {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    maxAge: token === undefined ? 0 : sessionMsMax / 1000,
  });
}
