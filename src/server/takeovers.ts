const withinMs = 60_000;
/** A link that breaks makes a client take over from itself, and not so often from another address. */
const takeoversMax = 3;

/** Of all units that were never taken over. */
const none: readonly number[] = [];

/** Tells two machines of one identity from one that changed its address: they take each other over again and again. */
export class Takeovers {
  #atMs = none;

  /** A connection from another address takes the unit over. True where that has happened more than three times within a minute. */
  note(nowMs: number): boolean {
    this.#atMs = [...this.#atMs.slice(-takeoversMax), nowMs];
    return this.#atMs.length > takeoversMax && nowMs - (this.#atMs[0] ?? nowMs) < withinMs;
  }
}
