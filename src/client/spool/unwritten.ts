import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { LabelledReading } from '../../core/reading.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import { encodeReadings } from './entry.ts';
import { LabelRanges, rangesOf, type LabelRange } from './label-ranges.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { widen, type Segment, type Shelf } from './shelf.ts';

/** How long a round waits for the disk before it is sent from memory. */
export const writeMsMax = 10_000;
/** Readings in one write, after a time in which the disk took none. */
const writtenAtOnceMax = 1_000;

export interface UnwrittenOptions {
  readonly shelf: Shelf;
  readonly writer: SegmentWriter;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** Called before each write: time to delete what is not needed. */
  readonly tidy: () => void;
}

/** Readings that are on no disk yet, and how they get there. A disk that fails is tried again with each round. */
export class Unwritten {
  readonly #options: UnwrittenOptions;
  /** In the order in which they came, with those that were let go of in between. */
  #readings: LabelledReading[] = [];
  readonly #held = new LabelRanges();
  #writing: Promise<void> | undefined;
  /** The disk has not answered in time, and nobody waits for it any more. */
  #isLate = false;
  #hasFailed = false;

  constructor(options: UnwrittenOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.count;
  }

  /** Whether the disk owes an answer that nobody waits for any more. */
  get isHanging(): boolean {
    return this.#isLate;
  }

  /** The oldest `count`. */
  oldest(count: number): readonly LabelledReading[] {
    if (this.#held.count === this.#readings.length) return this.#readings.slice(0, count);
    this.#readings = this.#readings.filter(({ epoch, seq }) => this.#held.has(epoch, seq));
    return this.#readings.slice(0, count);
  }

  has(epoch: string, seq: number): boolean {
    return this.#held.count > 0 && this.#held.has(epoch, seq);
  }

  /** What of the range is here. */
  partsOf(range: LabelRange): readonly LabelRange[] {
    return this.#held.partsOf(range);
  }

  add(readings: readonly LabelledReading[], ranges: readonly LabelRange[]): void {
    this.#readings.push(...readings);
    for (const range of ranges) this.#held.add(range);
  }

  /** Whether it was there. */
  remove(epoch: string, seq: number): boolean {
    return this.#held.count > 0 && this.#held.remove({ epoch, from: seq, to: seq }) > 0;
  }

  /** Resolves when all are on disk, or when it is clear that they will not be for now. */
  flush(): Promise<void> {
    if (this.#isLate || this.#held.count === 0) return Promise.resolve();
    this.#writing ??= this.#writeAll();
    const writing = this.#writing;
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(writeMsMax, () => {
        this.#isLate = true;
        this.#fail(`the disk has not answered within ${writeMsMax / 1000} s`);
        resolve();
      });
      writing.then(resolve, reject).finally(cancel);
    });
  }

  async #writeAll(): Promise<void> {
    const written = this.#held.count;
    try {
      while (this.#held.count > 0) {
        const batch = this.oldest(writtenAtOnceMax);
        const payloads = encodeReadings(batch);
        this.#options.tidy();
        this.#written(batch, await this.#options.writer.append(payloads));
      }
      this.#readings = [];
      if (this.#hasFailed) this.#options.log('info', 'spool-recovered', { written });
      this.#hasFailed = false;
    } catch (error) {
      // Without a code it is none of the system's errors but one of ours.
      if (systemErrorCode(error) === undefined) throw error;
      this.#fail(reasonOf(error));
    } finally {
      this.#writing = undefined;
      this.#isLate = false;
    }
  }

  #written(batch: readonly LabelledReading[], segment: Segment): void {
    const { shelf } = this.#options;
    widen(segment, batch[0]?.time ?? 0, batch.at(-1)?.time ?? 0);
    for (const range of rangesOf(batch)) {
      const held = this.#held.partsOf(range);
      this.#held.remove(range);
      // What was let go of while it was being written is there, and answered.
      segment.unnoted.add(range);
      for (const part of held) {
        segment.unnoted.remove(part);
        shelf.hold(segment, part);
      }
    }
  }

  /** Said once, until it works again. */
  #fail(reason: string): void {
    if (!this.#hasFailed) this.#options.log('warn', 'spool-failed', { reason, unwritten: this.#held.count });
    this.#hasFailed = true;
  }
}
