import type { FastifyReply } from 'fastify';
import { sendProblem } from './problem.ts';

export function noSuchUnit(reply: FastifyReply, id: string): FastifyReply {
  return sendProblem(reply, 'no-such-unit', noSuchUnitDetail(id));
}

export function noSuchUnitDetail(id: string): string {
  return `No unit has the client_id ${id}; GET /api/v1/units lists them.`;
}
