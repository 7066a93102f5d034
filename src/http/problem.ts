import type { FastifyReply } from 'fastify';
import { securityHeaders } from './security-headers.ts';

/** Every kind of refusal of the API; docs/api.md lists them. */
export const problems = {
  'bad-request': { status: 400, title: 'The request is not well formed' },
  unauthenticated: { status: 401, title: 'Nobody is logged in' },
  'forbidden-host': { status: 403, title: 'The Host header names another machine' },
  'forbidden-origin': { status: 403, title: 'The request comes from a page of another site' },
  'forbidden-scope': { status: 403, title: 'This needs more rights' },
  'no-such-route': { status: 404, title: 'There is nothing at this address' },
  'page-missing': { status: 404, title: 'The page is not built' },
  'no-such-unit': { status: 404, title: 'There is no such unit' },
  'no-such-machine': { status: 404, title: 'There is no such machine' },
  'no-such-token': { status: 404, title: 'There is no such join token' },
  'no-such-account': { status: 404, title: 'There is no such account' },
  'no-such-api-token': { status: 404, title: 'There is no such API token' },
  'no-such-sensor': { status: 404, title: 'The unit has no such sensor' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'not-acceptable': { status: 406, title: 'There is no such form of the answer' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'too-many-tokens': { status: 409, title: 'There are too many join tokens' },
  'account-exists': { status: 409, title: 'There is such an account already' },
  'last-admin': { status: 409, title: 'Nobody else may administer this server' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'url-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'unit-cannot': { status: 422, title: 'The unit cannot do this' },
  'machine-cannot': { status: 422, title: 'The machine cannot do this' },
  'bad-account': { status: 422, title: 'An account or an API token cannot be so' },
  'no-password': { status: 422, title: 'Whoever asks has no password' },
  'wrong-password': { status: 422, title: 'This is not the password' },
  'too-many-attempts': { status: 429, title: 'Too many attempts to log in' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'The server failed to answer' },
  'not-ready': { status: 503, title: 'The server cannot do its work' },
  'store-unavailable': { status: 503, title: 'The store does not do its work now' },
  'access-unavailable': { status: 503, title: 'Accounts and audit log cannot be used now' },
  'answer-timeout': { status: 503, title: 'The answer took too long' },
  'too-many-streams': { status: 503, title: 'Too many event streams are open' },
  'too-many-queries': { status: 503, title: 'Too many queries are being answered' },
  'shutting-down': { status: 503, title: 'The server is shutting down' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemName = keyof typeof problems;

/** What in the request is wrong. `pointer` is a JSON pointer into the body, `parameter` a name in path or query. */
export interface Fault {
  readonly detail: string;
  readonly pointer?: string;
  readonly parameter?: string;
}

/** A problem document, RFC 9457. `detail` says what, where, and what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

/** `/readyz` says more: its problem carries `ready` and `problems` beside the members of every other. */
export type ProblemMembers = Readonly<Record<string, unknown>>;

export function problem(name: ProblemName, detail: string, members: ProblemMembers = {}): Problem {
  const { status, title } = problems[name];
  return { type: `urn:telemetry-hub:problem:${name}`, title, status, detail, ...members };
}

export function sendProblem(
  reply: FastifyReply,
  name: ProblemName,
  detail: string,
  members?: ProblemMembers,
): FastifyReply {
  const body = problem(name, detail, members);
  return reply.headers(securityHeaders).code(body.status).type('application/problem+json').send(JSON.stringify(body));
}
