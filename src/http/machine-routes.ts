import type { FastifyInstance, FastifyReply } from 'fastify';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import type { MachineOutcome, Machines } from '../server/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { inTime } from './in-time.ts';
import { machineNameBodySchema, machineParamsSchema, machineSchema, machinesSchema } from './machine-schemas.ts';
import { sendProblem } from './problem.ts';
import { answer, noQuerySchema, refusals, storedChangeRefusals } from './schemas.ts';

export interface MachineRouteOptions {
  readonly machines: Machines;
  readonly clock: Clock;
  readonly limits: HttpLimits;
}

interface OneMachine {
  Params: { id: string };
}

/** The machines that hold keys: to look at, and to say which of them are served. */
export function addMachineRoutes(app: FastifyInstance, { machines, clock, limits }: MachineRouteOptions): void {
  app.get(
    '/api/v1/machines',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All machines that hold a key, by name, then by when they were first seen',
        tags: ['machines'],
        querystring: noQuerySchema,
        response: {
          200: answer('The machines.', machinesSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host'),
        },
      },
    },
    async () => machines.machines(),
  );

  for (const { verb, action, summary, description, change } of changes(machines)) {
    app.post<OneMachine>(
      `/api/v1/machines/:id/${verb}`,
      { config: { scope: 'admin', action }, schema: changeSchema(summary, description) },
      async ({ params: { id } }, reply) =>
        answerOutcome(reply, id, await inTime(change(id), clock, limits.answerMsMax)),
    );
  }

  app.put<OneMachine & { Body: { name: string } }>(
    '/api/v1/machines/:id/name',
    {
      config: { scope: 'admin', action: 'machine-renamed' },
      schema: {
        ...changeSchema('Give a machine another name', 'Its unit keeps its `client_id` and history.'),
        body: machineNameBodySchema,
      },
    },
    async ({ params: { id }, body: { name } }, reply) =>
      answerOutcome(reply, id, await inTime(machines.rename(id, name), clock, limits.answerMsMax)),
  );
}

interface Change {
  readonly verb: string;
  /** Of the audit log. */
  readonly action: string;
  readonly summary: string;
  readonly description: string;
  readonly change: (clientId: string) => Promise<MachineOutcome>;
}

function changes(machines: Machines): readonly Change[] {
  return [
    {
      verb: 'approve',
      action: 'machine-approved',
      summary: 'Serve a machine that waits, was revoked or was forgotten',
      description: 'Where a forgotten machine had its name, it takes over the unit of that one, history and all.',
      change: (id) => machines.approve(id),
    },
    {
      verb: 'revoke',
      action: 'machine-revoked',
      summary: 'Serve a machine no more, from now on',
      description: 'Its name and `client_id` stay its own: no other key gets them.',
      change: (id) => machines.revoke(id),
    },
    {
      verb: 'forget',
      action: 'machine-forgotten',
      summary: 'Let its key count no more, from now on',
      description:
        'Its name stays taken until another machine is approved for it. One that only waits is gone from the list.',
      change: (id) => machines.forget(id),
    },
  ];
}

function changeSchema(summary: string, description: string): object {
  return {
    summary,
    description,
    tags: ['machines'],
    params: machineParamsSchema,
    querystring: noQuerySchema,
    response: {
      200: answer('The machine as it is now.', machineSchema),
      ...refusals(
        ...storedChangeRefusals,
        'no-such-machine',
        'body-too-large',
        'unsupported-media-type',
        'machine-cannot',
      ),
    },
  };
}

function answerOutcome(
  reply: FastifyReply,
  id: string,
  outcome: MachineOutcome | { readonly type: 'late' },
): FastifyReply {
  switch (outcome.type) {
    case 'done':
      return reply.send(outcome.machine);
    case 'no-such-machine':
      return sendProblem(
        reply,
        'no-such-machine',
        `No machine with a key has the client_id ${id}; GET /api/v1/machines lists them.`,
      );
    case 'machine-cannot':
      return sendProblem(reply, 'machine-cannot', outcome.reason);
    case 'store-unavailable':
      return sendProblem(
        reply,
        'store-unavailable',
        'The change could not be stored, so nothing was changed; see /readyz and try again.',
      );
    case 'late':
      return sendProblem(
        reply,
        'answer-timeout',
        'The change was not stored in time and may still take effect; look at the machines before you send it again.',
      );
    default:
      return unreachable(outcome);
  }
}
