import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Log } from '../core/log.ts';
import type { ProblemName } from './problem.ts';
import { problem, sendProblem } from './problem.ts';
import type { RefusalLog } from './refusal-log.ts';
import { securityHeaders } from './security-headers.ts';
import { faultOf } from './validation-fault.ts';

export interface RefusalLogs {
  readonly log: Log;
  readonly refusals: RefusalLog;
}

/** Turns all that fastify refuses, and all that fails below it, into problem documents. */
export function answerErrors(app: FastifyInstance, logs: RefusalLogs): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply, logs));
}

export function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, refusals }: RefusalLogs,
): FastifyReply {
  const found = error.validation?.[0];
  if (found !== undefined) {
    const fault = faultOf(found, error.validationContext ?? 'body');
    return sendProblem(reply, 'bad-request', `${fault.detail}.`, { errors: [fault] });
  }
  const name = nameOf(error);
  if (name === 'internal') {
    const { method } = request;
    log('error', 'http-failed', { method, path: pathOf(request.url), reason: error.message, stack: error.stack });
    return sendProblem(reply, name, 'The server failed to answer; its log has the cause under the event http-failed.');
  }
  // What no program of ours, and no page, sends by mistake.
  if (name === 'body-too-large' || error.code === 'FST_ERR_BAD_URL') refusals.refused(request, name);
  return sendProblem(reply, name, detailOf(name, error));
}

function nameOf(error: FastifyError): ProblemName {
  switch (error.statusCode) {
    case 400:
      return 'bad-request';
    case 413:
      return 'body-too-large';
    case 414:
      return 'url-too-long';
    case 415:
      return 'unsupported-media-type';
    default:
      return 'internal';
  }
}

function detailOf(name: ProblemName, error: FastifyError): string {
  switch (name) {
    case 'body-too-large':
      return 'The body is larger than any that the API knows; see docs/api.md for what it takes.';
    case 'url-too-long':
      return 'A part of the path is longer than any client_id; GET /api/v1/units lists the units.';
    case 'unsupported-media-type':
      return 'The body must be JSON and say so: Content-Type: application/json.';
    default:
      return `${error.message.replace(/\.$/, '')}.`;
  }
}

/** `url` without its query, which may hold what should not be logged. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

/** Bytes that are no HTTP request never reach a route; the answer is written to the socket as it stands. */
export function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket, refusals: RefusalLog): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { name, detail } = unreadable(error.code);
  // Browsers open connections in advance, and may never send anything on them.
  if (socket.bytesRead > 0)
    refusals.report('warn', 'request-refused', { raw: { socket } }, { problem: name, reason: detail });
  const document = problem(name, detail);
  const body = JSON.stringify(document);
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${document.status} ${document.title}\r\n${lines.join('')}\r\n${body}`);
}

function unreadable(code: string | undefined): { readonly name: ProblemName; readonly detail: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        name: 'headers-too-large',
        detail: 'Line and headers of the request are larger than 16 KiB; send fewer cookies.',
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { name: 'body-too-large', detail: 'The chunk extensions of the body are too large; send none.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { name: 'request-timeout', detail: 'The request did not arrive whole in time; send it again.' };
    default:
      return {
        name: 'bad-request',
        detail: 'This is not an HTTP/1.1 request; telemetry clients belong on the port of --listen.',
      };
  }
}
