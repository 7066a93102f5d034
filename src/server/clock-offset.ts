/** Readings over which the clock's offset is judged, at least, and at most twice as many: the least delayed of them is the truest. */
const offsetSamples = 16;
/** What the way of a reading, and the round that it was taken in, may take; less is no offset worth showing. */
export const offsetMsMin = 2_000;
/** An offset that has changed by less is the same. */
const changeMsMin = 1_000;

/** How far the clock of a unit is ahead of the server's, by readings that came at once. */
export class ClockOffset {
  /** The largest of the samples that are being gathered, and of those before; two numbers in place of a list for each unit. */
  #largestMs = Number.NEGATIVE_INFINITY;
  #formerMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #toldMs: number;
  readonly #restoredMs: number | undefined;

  /** `restoredMs` is what the last server measured. */
  constructor(restoredMs: number | undefined) {
    this.#restoredMs = restoredMs;
    this.#toldMs = restoredMs ?? 0;
  }

  /** A reading was taken at `takenMs` of the unit's clock and arrived at `arrivedMs` of the server's. True where the offset is news. */
  sample(takenMs: number, arrivedMs: number): boolean {
    const offsetMs = takenMs - arrivedMs;
    if (offsetMs > this.#largestMs) this.#largestMs = offsetMs;
    this.#count += 1;
    if (this.#count < offsetSamples) return false;
    this.#count = 0;
    this.#formerMs = this.#largestMs;
    this.#largestMs = Number.NEGATIVE_INFINITY;
    if (Math.abs(this.shownMs - this.#toldMs) < changeMsMin) return false;
    this.#toldMs = this.shownMs;
    return true;
  }

  /** Milliseconds that its clock is ahead; null until it was measured. A delay on the way only makes it smaller, so the largest of the last is nearest. */
  get ms(): number | null {
    const largestMs = Math.max(this.#largestMs, this.#formerMs);
    return largestMs === Number.NEGATIVE_INFINITY ? (this.#restoredMs ?? null) : largestMs;
  }

  /** As it is told: 0 up to 2 s. */
  get shownMs(): number {
    const ms = this.ms ?? 0;
    return Math.abs(ms) > offsetMsMin ? ms : 0;
  }
}
