import type { LabelledReading } from '../core/reading.ts';

/** What a spool dropped because it was full. Times are the readings', milliseconds since 1970, UTC. */
export interface Dropped {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The readings of one epoch, by `seq`, oldest first; numbers grow by one. */
interface Lane {
  readonly held: Map<number, LabelledReading>;
  /** What is held from here on has not been taken. */
  nextSeq: number;
  lastSeq: number;
}

/** Holds readings until they are answered, in memory; full, it drops its oldest. */
export class MemorySpool {
  readonly #readingsMax: number;
  /** Oldest epoch first. */
  readonly #lanes = new Map<string, Lane>();
  #size = 0;

  constructor(readingsMax: number) {
    this.#readingsMax = readingsMax;
  }

  /** Readings held, sent or not. */
  get size(): number {
    return this.#size;
  }

  /** Whether readings of more than one round are held. */
  get holdsRounds(): boolean {
    const times = new Set<number>();
    for (const { held } of this.#lanes.values()) {
      for (const { time } of held.values()) {
        times.add(time);
        if (times.size > 1) return true;
      }
    }
    return false;
  }

  /** Takes in a round; answers what had to go for it. */
  add(readings: readonly LabelledReading[]): Dropped | undefined {
    for (const reading of readings) {
      const lane = this.#lane(reading);
      lane.held.set(reading.seq, reading);
      lane.lastSeq = reading.seq;
    }
    this.#size += readings.length;
    return this.#shrink();
  }

  /** At most `max` readings to send next: those of the newest epoch, then the backlog, oldest first. */
  take(max: number): readonly LabelledReading[] {
    const taken: LabelledReading[] = [];
    const lanes = [...this.#lanes.values()];
    const newest = lanes.pop();
    for (const lane of newest === undefined ? [] : [newest, ...lanes]) {
      while (lane.nextSeq <= lane.lastSeq && taken.length < max) {
        const reading = lane.held.get(lane.nextSeq);
        lane.nextSeq += 1;
        if (reading !== undefined) taken.push(reading);
      }
    }
    return taken;
  }

  /** Lets go of a reading that was answered. */
  release({ epoch, seq }: LabelledReading): void {
    const lane = this.#lanes.get(epoch);
    if (lane?.held.delete(seq) !== true) return;
    this.#size -= 1;
    if (lane.held.size === 0) this.#lanes.delete(epoch);
  }

  /** Lets go of what the server holds already: all of `epoch` up to `seq`. */
  releaseThrough(epoch: string, seq: number): void {
    for (const reading of this.#lanes.get(epoch)?.held.values() ?? []) {
      if (reading.seq <= seq) this.release(reading);
    }
    this.rewind();
  }

  /** Everything held is to be sent anew. */
  rewind(): void {
    for (const lane of this.#lanes.values()) {
      const [oldest] = lane.held.keys();
      lane.nextSeq = oldest ?? lane.nextSeq;
    }
  }

  #lane({ epoch, seq }: LabelledReading): Lane {
    let lane = this.#lanes.get(epoch);
    if (lane === undefined) {
      lane = { held: new Map(), nextSeq: seq, lastSeq: seq };
      this.#lanes.set(epoch, lane);
    }
    return lane;
  }

  #shrink(): Dropped | undefined {
    let dropped: Dropped | undefined;
    while (this.#size > this.#readingsMax) {
      const [lane] = this.#lanes.values();
      const [oldest] = lane?.held.values() ?? [];
      if (oldest === undefined) break;
      this.release(oldest);
      const { time } = oldest;
      dropped = { count: (dropped?.count ?? 0) + 1, fromMs: dropped?.fromMs ?? time, toMs: time };
    }
    return dropped;
  }
}
