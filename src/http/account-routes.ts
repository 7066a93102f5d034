import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Access, Scope } from '../access/contract.ts';
import type { Log } from '../core/log.ts';
import { answerAccessFault } from './access-faults.ts';
import {
  accountBodySchema,
  accountParamsSchema,
  accountSchema,
  accountsSchema,
  scopeBodySchema,
} from './account-schemas.ts';
import { actorOf } from './audit-hooks.ts';
import { sendProblem } from './problem.ts';
import { answer, changeRefusals, noQuerySchema, refusals } from './schemas.ts';

export interface AccountRouteOptions {
  readonly access: Pick<Access, 'accounts' | 'account' | 'addAccount' | 'removeAccount' | 'setScope'>;
  readonly log: Log;
  /** Everybody has to log in, on this machine too: then the last account that may administer the server stays. */
  readonly everybodyLogsIn: boolean;
}

interface OneAccount {
  Params: { name: string };
}

const bodyRefusals = ['body-too-large', 'unsupported-media-type'] as const;

/** The accounts: to look at, to make, to give another scope, and to remove. */
export function addAccountRoutes(app: FastifyInstance, options: AccountRouteOptions): void {
  const { access, log } = options;

  app.get(
    '/api/v1/accounts',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'All accounts, by name, without their passwords',
        tags: ['accounts'],
        querystring: noQuerySchema,
        response: {
          200: answer('The accounts.', accountsSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'forbidden-scope', 'access-unavailable'),
        },
      },
    },
    async (_, reply) => {
      try {
        return await reply.send(access.accounts);
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  app.post<{ Body: { name: string; password: string; scope: Scope } }>(
    '/api/v1/accounts',
    {
      config: { scope: 'admin', action: 'account-added', recordedBy: 'access' },
      schema: {
        summary: 'Make an account',
        tags: ['accounts'],
        querystring: noQuerySchema,
        body: accountBodySchema,
        response: {
          201: answer('The account.', accountSchema),
          ...refusals(...changeRefusals, ...bodyRefusals, 'account-exists', 'bad-account'),
        },
      },
    },
    async (request, reply) => {
      try {
        await access.addAccount(request.body, actorOf(request));
        return await reply.code(201).send(viewOf(request.body.name));
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  app.delete<OneAccount>(
    '/api/v1/accounts/:name',
    {
      config: { scope: 'admin', action: 'account-removed', recordedBy: 'access' },
      schema: {
        summary: 'Remove an account',
        description: 'Ends its sessions. API tokens belong to no account, and stay.',
        tags: ['accounts'],
        params: accountParamsSchema,
        querystring: noQuerySchema,
        response: {
          204: { description: 'There is no such account any more.' },
          ...refusals(...changeRefusals, 'no-such-account', 'last-admin'),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      try {
        if (isLastAdmin(name)) return await lastAdmin(reply, name);
        access.removeAccount(name, actorOf(request));
        return await reply.code(204).send();
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  app.put<OneAccount & { Body: { scope: Scope } }>(
    '/api/v1/accounts/:name/scope',
    {
      config: { scope: 'admin', action: 'scope-changed', recordedBy: 'access' },
      schema: {
        summary: 'Change what an account may do',
        description: 'Ends its sessions: it has to log in again.',
        tags: ['accounts'],
        params: accountParamsSchema,
        querystring: noQuerySchema,
        body: scopeBodySchema,
        response: {
          200: answer('The account as it is now.', accountSchema),
          ...refusals(...changeRefusals, ...bodyRefusals, 'no-such-account', 'last-admin'),
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { scope } = request.body;
      try {
        if (scope !== 'admin' && isLastAdmin(name)) return await lastAdmin(reply, name);
        access.setScope(name, scope, actorOf(request));
        return await reply.send(viewOf(name));
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
    },
  );

  /** `name` may have other capitals than the account. */
  function viewOf(name: string): object | undefined {
    const kept = access.account(name)?.name;
    return access.accounts.find((account) => account.name === kept);
  }

  function isLastAdmin(name: string): boolean {
    if (!options.everybodyLogsIn || access.account(name)?.scope !== 'admin') return false;
    return access.accounts.filter(({ scope }) => scope === 'admin').length === 1;
  }
}

function lastAdmin(reply: FastifyReply, name: string): FastifyReply {
  return sendProblem(
    reply,
    'last-admin',
    `${name} is the only account with the scope admin, and everybody has to log in here: give another account that scope first. On the server's machine telemetryctl user does it all the same.`,
  );
}
