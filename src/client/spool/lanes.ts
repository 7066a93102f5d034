import type { LabelledReading } from '../../core/reading.ts';

/** The readings of one epoch, by `seq`, oldest first; numbers grow, mostly by one. */
interface Lane {
  readonly held: Map<number, LabelledReading>;
  /** What is held from here on has not been taken. */
  nextSeq: number;
  lastSeq: number;
}

/** Readings in memory in the order in which they were added, a lane for each epoch. */
export class Lanes {
  /** Oldest epoch first. */
  readonly #lanes = new Map<string, Lane>();
  #newest: string | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The epoch that was added to last; undefined where none of its readings is held. */
  get newestEpoch(): string | undefined {
    return this.#newest !== undefined && this.#lanes.has(this.#newest) ? this.#newest : undefined;
  }

  /** Whether readings of more than one round are held: they differ in time. */
  get holdsRounds(): boolean {
    let first: number | undefined;
    for (const { time } of this) {
      first ??= time;
      if (time !== first) return true;
    }
    return false;
  }

  *[Symbol.iterator](): Generator<LabelledReading, void> {
    for (const { held } of this.#lanes.values()) yield* held.values();
  }

  has(epoch: string, seq: number): boolean {
    return this.#lanes.get(epoch)?.held.has(seq) === true;
  }

  add(reading: LabelledReading): void {
    const { epoch, seq } = reading;
    let lane = this.#lanes.get(epoch);
    if (lane === undefined) {
      lane = { held: new Map(), nextSeq: seq, lastSeq: seq };
      this.#lanes.set(epoch, lane);
    }
    lane.held.set(seq, reading);
    lane.lastSeq = seq;
    this.#newest = epoch;
    this.#size += 1;
  }

  /** At most `max` readings of `newestEpoch` that have not been taken. */
  takeNewest(max: number): LabelledReading[] {
    const taken: LabelledReading[] = [];
    const lane = this.#newest === undefined ? undefined : this.#lanes.get(this.#newest);
    if (lane !== undefined) takeFrom(lane, max, taken);
    return taken;
  }

  /** At most `max` readings that have not been taken, oldest first. */
  takeOldest(max: number): LabelledReading[] {
    const taken: LabelledReading[] = [];
    for (const lane of this.#lanes.values()) {
      takeFrom(lane, max, taken);
      if (taken.length >= max) break;
    }
    return taken;
  }

  /** Whether it was there. */
  remove(epoch: string, seq: number): boolean {
    const lane = this.#lanes.get(epoch);
    if (lane?.held.delete(seq) !== true) return false;
    this.#size -= 1;
    if (lane.held.size === 0) this.#lanes.delete(epoch);
    return true;
  }

  /** The reading that was added first, taken or not; undefined where there is none. */
  get oldest(): LabelledReading | undefined {
    const [lane] = this.#lanes.values();
    const [oldest] = lane?.held.values() ?? [];
    return oldest;
  }

  /** Everything counts as not taken. */
  rewind(): void {
    for (const lane of this.#lanes.values()) {
      const [oldest] = lane.held.keys();
      lane.nextSeq = oldest ?? lane.nextSeq;
    }
  }
}

function takeFrom(lane: Lane, max: number, taken: LabelledReading[]): void {
  while (lane.nextSeq <= lane.lastSeq && taken.length < max) {
    const reading = lane.held.get(lane.nextSeq);
    lane.nextSeq += 1;
    if (reading !== undefined) taken.push(reading);
  }
}
