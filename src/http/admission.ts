import type { FastifyInstance, FastifyReply } from 'fastify';
import { hostKind, isLoopback, type HostNames } from './host-check.ts';
import { sendProblem } from './problem.ts';
import { pathOf } from './refusal-handlers.ts';
import type { RefusalLog } from './refusal-log.ts';
import { securityHeaders, strictTransport } from './security-headers.ts';

export interface AdmissionOptions {
  readonly names: HostNames;
  readonly overTls: boolean;
  readonly refusals: RefusalLog;
  readonly closing: () => boolean;
}

/** Two dots, encoded or not, and however often: browsers take them out of a path, so that whoever sends them looks for files. */
const climbing = /(?:\.|%(?:25)*2e){2}/i;

/** What every request passes before its route: security headers, the Host header, and whether there is such a route and method at all. */
export function admit(app: FastifyInstance, { names, overTls, refusals, closing }: AdmissionOptions): void {
  const methodsByRoute = new Map<string, Set<string>>();
  const { boundHost } = names;
  // A browser that is told about localhost would leave all its other ports alone without TLS.
  const headers = overTls && !isLoopback(boundHost) ? { ...securityHeaders, ...strictTransport } : securityHeaders;

  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByRoute.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByRoute.set(url, methods);
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (closing()) {
      return sendProblem(
        reply.header('connection', 'close'),
        'shutting-down',
        'The server is about to end; try again when it is back.',
      );
    }
    const { host } = request.headers;
    if (host === undefined && request.raw.httpVersion !== '1.0') {
      return sendProblem(reply, 'bad-request', 'The Host header is missing; HTTP/1.1 asks for it.');
    }
    if (host !== undefined && hostKind(host, names) === undefined) {
      refusals.refused(request, 'forbidden-host', { host: host.slice(0, 100) });
      return sendProblem(
        reply,
        'forbidden-host',
        isLoopback(boundHost)
          ? `This server listens on ${boundHost} only and answers to that name; use it, or bind --http to another address.`
          : 'This server answers to its addresses, to the name of its machine, and to those of http.hosts; use one, or add this name there.',
      );
    }
    const path = pathOf(request.url);
    const isClimbing = climbing.test(path);
    if (isClimbing) refusals.refused(request, 'no-such-route');
    if (request.is404 || isClimbing) {
      const methods = isClimbing ? undefined : methodsOf(path, methodsByRoute);
      if (methods === undefined) return noSuchRoute(reply, path);
      reply.header('allow', methods.join(', '));
      return sendProblem(
        reply,
        'method-not-allowed',
        `${path} does not take ${request.method}; it takes ${methods.join(' and ')}.`,
      );
    }
    return undefined;
  });
}

export function noSuchRoute(reply: FastifyReply, path: string): FastifyReply {
  return sendProblem(
    reply,
    'no-such-route',
    `There is nothing at ${path}; GET /api/v1/openapi.json lists what there is.`,
  );
}

function methodsOf(
  path: string,
  methodsByRoute: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const segments = path.split('/');
  for (const [url, methods] of methodsByRoute) {
    const pattern = url.split('/');
    const matches =
      pattern.length === segments.length &&
      pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]));
    if (matches) return [...methods].toSorted();
  }
  return undefined;
}
