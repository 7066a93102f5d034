import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/contract.ts';
import type { Log } from '../core/log.ts';
import { answerAccessFault } from './access-faults.ts';
import { auditQuerySchema, auditSchema } from './account-schemas.ts';
import { sendProblem } from './problem.ts';
import { answer, refusals } from './schemas.ts';

const countDefault = 200;
/** Some 300 KB; whoever wants all of it has telemetryctl audit on the server's machine. */
const countMax = 1_000;

export interface AuditRouteOptions {
  readonly access: Pick<Access, 'audit'>;
  readonly log: Log;
}

/** The audit log, to look at: nothing of it can be changed. */
export function addAuditRoute(app: FastifyInstance, { access, log }: AuditRouteOptions): void {
  app.get<{ Querystring: { count?: string } }>(
    '/api/v1/audit',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'The newest lines of the audit log, oldest first',
        tags: ['accounts'],
        querystring: auditQuerySchema,
        response: {
          200: answer('The lines.', auditSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'forbidden-scope', 'access-unavailable'),
        },
      },
    },
    async ({ query: { count: text } }, reply) => {
      const count = text === undefined ? countDefault : countOf(text);
      if (count === undefined) {
        const fault = { detail: `count is not a whole number from 1 to ${countMax}`, parameter: 'count' };
        return sendProblem(reply, 'bad-request', `${fault.detail}.`, { errors: [fault] });
      }
      try {
        return await reply.send(access.audit(count));
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );
}

function countOf(text: string): number | undefined {
  const count = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
  return count <= countMax ? count : undefined;
}
