/** How much may happen: so much a second in the long run, and so much at once. */
export interface Rate {
  readonly perSecond: number;
  /** What a bucket holds when nothing has happened for a while. */
  readonly burst: number;
}

/** Counts what happens against a rate. Times are milliseconds of a clock that never goes back. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes `count` where there are as many; else takes nothing, and answers false. */
  take(nowMs: number, count = 1): boolean {
    this.#fill(nowMs);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes `count` in any case: what is missing is owed, and has to come in before anything can be taken again. */
  spend(nowMs: number, count = 1): void {
    this.#fill(nowMs);
    this.#tokens -= count;
  }

  /** How long until there are `count`: 0 where there are. */
  waitMs(nowMs: number, count = 1): number {
    this.#fill(nowMs);
    return Math.max(0, Math.ceil(((count - this.#tokens) * 1000) / this.#rate.perSecond));
  }

  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens >= this.#rate.burst;
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#atMs) * perSecond) / 1000);
    this.#atMs = nowMs;
  }
}

/** A bucket for each key, such as an address. One that is full says nothing and is let go of; beyond `keysMax` at a time, new keys share one. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #keysMax: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, keysMax: number) {
    this.#rate = rate;
    this.#keysMax = keysMax;
  }

  take(key: string, nowMs: number): boolean {
    return this.of(key, nowMs).take(nowMs);
  }

  of(key: string, nowMs: number): TokenBucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#keysMax) this.#letGo(nowMs);
    const own = this.#buckets.size < this.#keysMax ? key : shared;
    const bucket = this.#buckets.get(own) ?? new TokenBucket(this.#rate, nowMs);
    this.#buckets.set(own, bucket);
    return bucket;
  }

  #letGo(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(key);
  }
}

/** The key of those that came when all were taken. */
const shared = '';
