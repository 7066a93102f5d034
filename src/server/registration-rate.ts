import { addressBlock, isLoopback } from '../core/address-block.ts';
import type { ServerLimits } from '../core/limits.ts';
import { TokenBuckets } from '../core/token-bucket.ts';

type RateLimits = Pick<ServerLimits, 'registrationsPerMinuteMax' | 'loopbackToo'>;

/** Addresses that are counted at a time; what is beyond shares one count. */
const addressesMax = 16_384;

/** How often those at one address may register. */
export class RegistrationRate {
  readonly #limits: () => RateLimits;
  #buckets: { readonly perMinute: number; readonly byAddress: TokenBuckets } | undefined;

  constructor(limits: () => RateLimits) {
    this.#limits = limits;
  }

  /** Whether one more from there is not one too many. `nowMs` never goes back. */
  allows(address: string, nowMs: number): boolean {
    const { registrationsPerMinuteMax: perMinute, loopbackToo } = this.#limits();
    if (isLoopback(address) && !loopbackToo) return true;
    if (this.#buckets?.perMinute !== perMinute) {
      const byAddress = new TokenBuckets({ perSecond: perMinute / 60, burst: perMinute }, addressesMax);
      this.#buckets = { perMinute, byAddress };
    }
    return this.#buckets.byAddress.take(addressBlock(address), nowMs);
  }
}
