import type { LabelledReading } from '../core/reading.ts';
import type { Dropped, Spool } from './spool/contract.ts';
import { joinDropped } from './spool/dropped.ts';
import { Lanes } from './spool/lanes.ts';

/** A spool in memory alone: what is unanswered when the client ends is lost. */
export class MemorySpool implements Spool {
  readonly #readingsMax: number;
  readonly #lanes = new Lanes();

  constructor(readingsMax: number) {
    this.#readingsMax = readingsMax;
  }

  get size(): number {
    return this.#lanes.size;
  }

  get holdsRounds(): boolean {
    return this.#lanes.holdsRounds;
  }

  async add(readings: readonly LabelledReading[]): Promise<readonly Dropped[]> {
    for (const reading of readings) this.#lanes.add(reading);
    return this.#shrink();
  }

  take(max: number): readonly LabelledReading[] {
    const taken = this.#lanes.takeNewest(max);
    taken.push(...this.#lanes.takeOldest(max - taken.length));
    return taken;
  }

  release({ epoch, seq }: LabelledReading): void {
    this.#lanes.remove(epoch, seq);
  }

  releaseThrough(epoch: string, seq: number): void {
    for (const reading of this.#lanes) if (reading.epoch === epoch && reading.seq <= seq) this.release(reading);
    this.rewind();
  }

  rewind(): void {
    this.#lanes.rewind();
  }

  /** All of it is at hand at all times. */
  whenReady(): void {}

  #shrink(): readonly Dropped[] {
    let dropped: Dropped | undefined;
    while (this.#lanes.size > this.#readingsMax) {
      const { oldest } = this.#lanes;
      if (oldest === undefined) break;
      this.release(oldest);
      dropped = joinDropped(dropped, { count: 1, fromMs: oldest.time, toMs: oldest.time, reason: 'spool full' });
    }
    return dropped === undefined ? [] : [dropped];
  }
}
