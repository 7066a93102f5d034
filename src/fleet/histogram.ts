/** Buckets that a doubling of the value is divided into: what is read off is at most 1/64 above what was recorded. */
const divisions = 64;
const divisionBits = 6;
/** 2^36 µs are 19 hours; what took longer counts as that. */
const doublings = 30;
const bucketCount = divisions * (doublings + 1);
const microsecondsMax = 2 ** (divisionBits + doublings) - 1;

/**
 * Durations, counted in buckets that grow with the value: microseconds up to 64 µs, a 64th of the value above. It has the same size
 * however many are recorded.
 */
export class Histogram {
  readonly #counts: Float64Array;

  /** `counts` are those of another histogram. */
  constructor(counts: Float64Array = new Float64Array(bucketCount)) {
    this.#counts = Float64Array.from(counts);
  }

  /** To be sent to another thread, or merged. */
  get counts(): Float64Array {
    return this.#counts;
  }

  get size(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  record(durationMs: number): void {
    const microseconds = Math.min(microsecondsMax, Math.max(0, Math.round(durationMs * 1_000)));
    const bucket = bucketOf(microseconds);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  merge(other: Histogram): void {
    this.#add(other, 1);
  }

  /** Takes off what it held when `earlier` was copied from it. */
  subtract(earlier: Histogram): void {
    this.#add(earlier, -1);
  }

  /** Milliseconds that a `share` (0 to 1) of the durations did not pass, by nearest rank; NaN where there are none. */
  quantileMs(share: number): number {
    const size = this.size;
    const rank = Math.max(1, Math.ceil(share * size));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (size > 0 && seen >= rank) return highestIn(bucket) / 1_000;
    }
    return Number.NaN;
  }

  #add(other: Histogram, times: 1 | -1): void {
    for (const [bucket, count] of other.counts.entries()) {
      if (count > 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times * count;
    }
  }
}

function bucketOf(microseconds: number): number {
  if (microseconds < 2 * divisions) return microseconds;
  const doubling = Math.floor(Math.log2(microseconds)) - divisionBits;
  return divisions * doubling + Math.floor(microseconds / 2 ** doubling);
}

function highestIn(bucket: number): number {
  if (bucket < 2 * divisions) return bucket;
  const doubling = Math.floor(bucket / divisions) - 1;
  return (bucket - divisions * doubling + 1) * 2 ** doubling - 1;
}
