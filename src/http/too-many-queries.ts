import type { FastifyReply } from 'fastify';
import type { HttpLimits } from './http-limits.ts';
import { sendProblem } from './problem.ts';

export function tooManyQueries(reply: FastifyReply, { queriesMax }: HttpLimits): FastifyReply {
  const detail = `${queriesMax} queries are being answered; try again when one has ended.`;
  return sendProblem(reply.header('retry-after', 5), 'too-many-queries', detail);
}
