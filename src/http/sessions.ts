import { createHash, randomBytes } from 'node:crypto';
import type { Holder } from '../access/contract.ts';

/** As long as a person leaves a tab open over night, and not over a weekend. */
export const idleMsMax = 12 * 3_600_000;
/** Then the password is asked for again, however busy the session is. */
export const sessionMsMax = 7 * 86_400_000;
/** More people do not look at one server; a script that logs in again and again ends the oldest ones. */
export const sessionsMax = 1_000;
const tokenBytes = 32;

interface Session {
  readonly account: string;
  readonly generation: number;
  readonly beganMs: number;
  readonly seenMs: number;
}

/** Who has logged in, in memory: a restart of the server logs everybody out. Times are of a clock that never goes back. */
export class Sessions {
  /** By the hash of the token, the longest idle first. */
  readonly #sessions = new Map<string, Session>();

  get count(): number {
    return this.#sessions.size;
  }

  /** A new session, and the token that it is known by. */
  begin({ name, generation }: Holder, nowMs: number): string {
    for (const [key, session] of this.#sessions) {
      if (this.#sessions.size < sessionsMax && !hasEnded(session, nowMs)) break;
      this.#sessions.delete(key);
    }
    const token = randomBytes(tokenBytes).toString('base64url');
    this.#sessions.set(keyOf(token), { account: name, generation, beganMs: nowMs, seenMs: nowMs });
    return token;
  }

  /** Whose session it is, and under which generation of the account it began; undefined where it has ended. It counts as used unless `looking` only. */
  find(
    token: string,
    nowMs: number,
    looking: 'only' | 'using' = 'using',
  ): Pick<Session, 'account' | 'generation'> | undefined {
    const key = keyOf(token);
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    if (hasEnded(session, nowMs)) {
      this.#sessions.delete(key);
      return undefined;
    }
    if (looking === 'using') {
      this.#sessions.delete(key);
      this.#sessions.set(key, { ...session, seenMs: nowMs });
    }
    return session;
  }

  end(token: string): void {
    this.#sessions.delete(keyOf(token));
  }
}

function hasEnded({ beganMs, seenMs }: Session, nowMs: number): boolean {
  return nowMs - seenMs >= idleMsMax || nowMs - beganMs >= sessionMsMax;
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
