import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { HttpLimits } from './http-limits.ts';
import { sendProblem } from './problem.ts';
import { headersSoFar } from './security-headers.ts';

/** Begins the answer to whoever listens to server-sent events. */
export function beginEventStream(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    ...headersSoFar(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx holds answers back unless told not to.
    'x-accel-buffering': 'no',
  });
  response.write('retry: 3000\n\n');
  return response;
}

/** There is no place for one more. */
export function refuseEventStream(reply: FastifyReply, { streamsMax }: HttpLimits): FastifyReply {
  const detail = `${streamsMax} event streams are open; close one, or try again later.`;
  return sendProblem(reply.header('retry-after', 10), 'too-many-streams', detail);
}
