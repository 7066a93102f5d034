import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/contract.ts';
import type { Log } from '../core/log.ts';
import { answerAccessFault } from './access-faults.ts';
import { actorOf } from './audit-hooks.ts';
import { unauthenticated } from './authentication.ts';
import type { PasswordChecks } from './password-checks.ts';
import { sendProblem } from './problem.ts';
import { noQuerySchema, refusals } from './schemas.ts';
import { setSessionCookie } from './session-cookie.ts';

export interface OwnPasswordOptions {
  readonly access: Pick<Access, 'setPassword'>;
  readonly checks: PasswordChecks;
  readonly log: Log;
}

const bodySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['current', 'password'],
  properties: {
    current: { type: 'string', minLength: 1, maxLength: 256, description: 'The password as it is' },
    password: { type: 'string', minLength: 1, maxLength: 256, description: 'The new one: at least 12 characters' },
  },
  examples: [{ current: 'a few words of your own', password: 'a few other words' }],
} as const;

/** Another password for whoever is logged in. Who only has a session - a browser that was left open - cannot take the account over by it: the current one is asked for. */
export function addOwnPasswordRoute(app: FastifyInstance, { access, checks, log }: OwnPasswordOptions): void {
  app.put<{ Body: { current: string; password: string } }>(
    '/api/v1/session/password',
    {
      // Access records the change; a current password that is wrong is an event of the log, as it is for whoever logs in.
      config: { scope: 'read', unaudited: true },
      schema: {
        summary: "Change one's own password",
        description: 'Ends all sessions of the account, this one too: log in again.',
        tags: ['session'],
        querystring: noQuerySchema,
        body: bodySchema,
        response: {
          204: { description: 'Changed; the cookie is taken away.' },
          ...refusals(
            'bad-request',
            'unauthenticated',
            'forbidden-host',
            'forbidden-origin',
            'unsupported-media-type',
            'no-password',
            'wrong-password',
            'bad-account',
            'too-many-attempts',
            'access-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { identity, body } = request;
      if (identity?.how !== 'session') {
        const who = identity?.who ?? 'nobody';
        return sendProblem(reply, 'no-password', `${who} has no password; log in with the account whose it is.`);
      }
      const { who: name } = identity;
      const found = await checks.check(request, reply, {
        name,
        password: body.current,
        reason: 'wrong password, to set another',
      });
      if (found === 'answered') return reply;
      if (found === 'wrong') return sendProblem(reply, 'wrong-password', `current is not the password of ${name}.`);
      // Somebody who administers accounts may have been quicker.
      if (!identity.isCurrent()) return unauthenticated(reply, false);
      try {
        await access.setPassword(name, body.password, actorOf(request));
      } catch (error) {
        return answerAccessFault(reply, error, log);
      }
      setSessionCookie(request, reply, undefined);
      return reply.code(204).send();
    },
  );
}
