import type { FastifyInstance } from 'fastify';
import type { Health } from '../server/contract.ts';
import { sendProblem } from './problem.ts';
import { answer, noQuerySchema, refusals } from './schemas.ts';

const flag = (name: string): object => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'boolean' } },
});

/** For supervisors and load balancers: whether the process answers, and whether it can do its work. */
export function addHealthRoutes(app: FastifyInstance, health: Health): void {
  app.get(
    '/livez',
    {
      config: { scope: 'public' },
      schema: {
        summary: 'Whether the process answers',
        tags: ['health'],
        querystring: noQuerySchema,
        response: { 200: answer('It does.', flag('live')) },
      },
    },
    async () => ({ live: true }),
  );

  app.get(
    '/readyz',
    {
      config: { scope: 'public' },
      schema: {
        summary: 'Whether the server can do its work',
        description: 'The problem carries `ready` and, for who is logged in, `problems`, sentences for a person.',
        tags: ['health'],
        querystring: noQuerySchema,
        response: { 200: answer('It can.', flag('ready')), ...refusals('not-ready') },
      },
    },
    async ({ identity }, reply) => {
      const { ready, problems, notes = [], leftOut = 0 } = health.ready();
      // Whether it is well may everybody know; what ails it may be of use to an attacker.
      if (identity === undefined)
        return ready ? { ready } : sendProblem(reply, 'not-ready', 'Log in to see why.', { ready });
      if (ready) return { ready, ...(notes.length > 0 && { notes }), ...(leftOut > 0 && { left_out: leftOut }) };
      return sendProblem(reply, 'not-ready', problems.join(' ') || 'The server has not said why.', { ready, problems });
    },
  );
}
