import type { FastifyReply } from 'fastify';
import { CodedError } from '../core/coded-error.ts';
import type { Log } from '../core/log.ts';
import { reasonOf } from '../core/system-error.ts';
import { accessUnavailable } from './authentication.ts';
import { sendProblem } from './problem.ts';

/** Tells the request what Access has thrown: what it cannot have, or that the files fail, which the log is told as well. */
export function answerAccessFault(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const { code, message } = error instanceof CodedError ? error : { code: undefined, message: '' };
  switch (code) {
    case 'account-exists':
    case 'bad-account':
      return sendProblem(reply, code, message);
    case 'no-such-account':
      return sendProblem(reply, code, 'There is no account of that name; GET /api/v1/accounts lists those there are.');
    case 'no-such-api-token':
      return sendProblem(reply, code, 'No API token has that id; GET /api/v1/api-tokens lists those there are.');
    default:
      // The audit log would have the refusal, were it not what fails.
      reply.request.audited = undefined;
      log('error', 'access-failed', { reason: reasonOf(error) });
      return accessUnavailable(reply);
  }
}
