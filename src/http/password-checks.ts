import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access, Holder } from '../access/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { reasonOf } from '../core/system-error.ts';
import { accessUnavailable } from './authentication.ts';
import { LoginAttempts } from './login-attempts.ts';
import { sendProblem } from './problem.ts';
import { addressOf, type RefusalLog } from './refusal-log.ts';

/** Passwords that wait for their check, or are in it: some three seconds of work. */
const checksMax = 32;
/** Of a name that somebody has typed: it may be a password in the wrong field. */
const shownCharacters = 16;

export interface PasswordCheckOptions {
  readonly access: Pick<Access, 'byPassword'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalLog;
}

/** A password that somebody gives; `reason` is what the log says where it is wrong. */
export interface PasswordTry {
  readonly name: string;
  readonly password: string;
  readonly reason: string;
}

/** Checks passwords, wherever they are asked for: no oftener than a guess deserves, no more at a time than the server has room for, and the log has each that is wrong. */
export class PasswordChecks {
  readonly #options: PasswordCheckOptions;
  readonly #attempts = new LoginAttempts();
  #checks = 0;

  constructor(options: PasswordCheckOptions) {
    this.#options = options;
  }

  /** Whose password it is; `wrong` where it is nobody's of that name; `answered` where the request was told that it cannot be looked at now. */
  async check(
    request: FastifyRequest,
    reply: FastifyReply,
    { name, password, reason }: PasswordTry,
  ): Promise<Holder | 'wrong' | 'answered'> {
    const { access, clock, log, refusals } = this.#options;
    const attempt = { account: name, address: addressOf(request) };
    const waitMs = this.#checks >= checksMax ? 5_000 : this.#attempts.take(attempt, clock.monotonicMs());
    if (waitMs > 0) {
      refusals.report('warn', 'login-failed', request, { account: shown(name), reason: 'too many attempts' });
      sendTooMany(reply, Math.ceil(waitMs / 1000));
      return 'answered';
    }
    let holder: Holder | undefined;
    this.#checks += 1;
    try {
      holder = await access.byPassword(name, password);
    } catch (error) {
      log('error', 'access-failed', { reason: reasonOf(error) });
      accessUnavailable(reply);
      return 'answered';
    } finally {
      this.#checks -= 1;
    }
    if (holder === undefined) {
      refusals.report('warn', 'login-failed', request, { account: shown(name), reason });
      return 'wrong';
    }
    this.#attempts.succeeded(attempt, clock.monotonicMs());
    return holder;
  }
}

function sendTooMany(reply: FastifyReply, seconds: number): void {
  sendProblem(
    reply.header('retry-after', seconds),
    'too-many-attempts',
    `Too many passwords were tried for this account, or from this address; wait ${seconds} s. An API token works meanwhile.`,
  );
}

function shown(name: string): string {
  return name.length > shownCharacters ? `${name.slice(0, shownCharacters)}~` : name;
}
