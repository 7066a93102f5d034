import { addressBlock } from '../core/address-block.ts';
import { TokenBuckets, type TokenBucket } from '../core/token-bucket.ts';
import { isLoopback } from './host-check.ts';

/** Five passwords, and then one in half a minute: 14,400 guesses a day and account at the most, which no password of 12 characters fears. */
const rate = { perSecond: 1 / 30, burst: 5 };
const keysMax = 10_000;
const knownMax = 1_000;

export interface Attempt {
  readonly account: string;
  readonly address: string;
}

/**
 * How often passwords may be tried: by the address that they come from, and by account. A stranger who tries an account from elsewhere uses up what all strangers have for it
 * together; an address from which its owner has logged in before, and this machine itself, have their own share, which nobody else can use up.
 */
export class LoginAttempts {
  readonly #byAddress = new TokenBuckets(rate, keysMax);
  readonly #byAccount = new TokenBuckets(rate, keysMax);
  readonly #byKnown = new TokenBuckets(rate, keysMax);
  /** Account and address of logins that have succeeded, the oldest first. */
  readonly #known = new Set<string>();

  /** Counts an attempt, and answers 0; or, where there have been too many, for how many milliseconds to wait. */
  take(attempt: Attempt, nowMs: number): number {
    const buckets = this.#bucketsOf(attempt, nowMs);
    const waitMs = Math.max(...buckets.map((bucket) => bucket.waitMs(nowMs)));
    if (waitMs > 0) return waitMs;
    for (const bucket of buckets) bucket.spend(nowMs);
    return 0;
  }

  /** It was the right password: the attempt does not count, and this address is known from now on. */
  succeeded(attempt: Attempt, nowMs: number): void {
    for (const bucket of this.#bucketsOf(attempt, nowMs)) bucket.spend(nowMs, -1);
    const key = keyOf(attempt);
    this.#known.delete(key);
    this.#known.add(key);
    if (this.#known.size <= knownMax) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #bucketsOf(attempt: Attempt, nowMs: number): readonly TokenBucket[] {
    const key = keyOf(attempt);
    const local = isLoopback(attempt.address);
    const byAccount =
      local || this.#known.has(key) ? this.#byKnown.of(key, nowMs) : this.#byAccount.of(accountKey(attempt), nowMs);
    // All whom a proxy on this machine serves come from loopback.
    return local ? [byAccount] : [byAccount, this.#byAddress.of(addressBlock(attempt.address), nowMs)];
  }
}

function keyOf(attempt: Attempt): string {
  return `${addressBlock(attempt.address)} ${accountKey(attempt)}`;
}

function accountKey({ account }: Attempt): string {
  return account.toLowerCase().slice(0, 64);
}
