import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { LabelledReading } from '../../core/reading.ts';
import { reasonOf } from '../../core/system-error.ts';
import { Backlog } from './backlog.ts';
import type { Dropped, Spool } from './contract.ts';
import type { SpoolFolder } from './folder.ts';
import { LabelRanges, labelsOf, rangesOf, type Label, type LabelRange } from './label-ranges.ts';
import { Lanes } from './lanes.ts';
import { LostReadings } from './lost-readings.ts';
import { segmentFileBytesMax, type Recovered } from './recover.ts';
import { Removals } from './removals.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Segment, Shelf } from './shelf.ts';
import { Unwritten } from './unwritten.ts';

/** Readings that are in memory as well as on disk; half of them leave it when there are more. About 400 KiB. */
const recentMaxDefault = 1_024;
/** Readings that are in memory alone, while the disk takes none: three hours of ten every 10 s. About 4 MiB. */
const unwrittenMaxDefault = 10_000;
export interface DiskSpoolOptions {
  readonly folder: SpoolFolder;
  readonly recovered: Recovered;
  readonly owner: string;
  /** 8 random hex digits. */
  readonly drawSalt: () => string;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** What the files may have together; a little more for the time of a write. */
  readonly bytesMax: number;
  /** `round`: a round survives a loss of power before it is sent. `never`: when the system has written it by itself. */
  readonly sync: 'never' | 'round';
  readonly recentMax?: number;
  readonly unwrittenMax?: number;
}

/**
 * A spool in segments of a folder: a round is one write at the end of the youngest. What is recent is in memory too; the rest is read back
 * when its turn comes. While the disk takes nothing, readings are held in memory alone.
 */
export class DiskSpool implements Spool {
  readonly #options: DiskSpoolOptions;
  readonly #shelf: Shelf;
  readonly #writer: SegmentWriter;
  readonly #backlog: Backlog;
  readonly #removals: Removals;
  /** The youngest readings, on disk or not yet. All that are held and not here are older. */
  readonly #recent = new Lanes();
  readonly #unwritten: Unwritten;
  /** Labels of the round that is being added: held, and not to be sent yet. */
  #arriving: readonly LabelRange[] = [];
  /** How many readings are held on disk alone. */
  #onDiskAlone: number;
  /** The epoch of the last reading that left memory. */
  #splitEpoch: string | undefined;
  /** What was taken since everything was last to be sent anew. */
  readonly #taken = new LabelRanges();
  readonly #lost = new LostReadings();
  #ready: () => void = () => undefined;
  /** One round after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DiskSpoolOptions) {
    const { folder, recovered, owner, drawSalt, clock, log, sync, bytesMax } = options;
    const { shelf, nextNumber, damages } = recovered;
    this.#options = options;
    this.#shelf = shelf;
    this.#onDiskAlone = shelf.count;
    this.#removals = new Removals({ folder, log, shelf });
    this.#writer = new SegmentWriter({ folder, shelf, owner, drawSalt, sync, bytesMax, nextNumber });
    this.#unwritten = new Unwritten({
      shelf,
      writer: this.#writer,
      clock,
      log,
      tidy: () => this.#removals.tidy(this.#writer.segment),
    });
    this.#backlog = new Backlog({
      shelf,
      load: ({ name }) => folder.read(name, segmentFileBytesMax),
      claim: (segment, reading) => this.#claim(segment, reading),
      passed: (segment, reason) => {
        this.#passed(segment, reason);
      },
      ready: () => {
        this.#ready();
      },
    });
    for (const { file, bytes, count, fromMs, toMs, reason } of damages) {
      log('warn', 'spool-damaged', { file, bytes, count, reason });
      this.#lost.add({ count, fromMs, toMs, reason: 'spool damaged' });
    }
  }

  get size(): number {
    return this.#shelf.count + this.#unwritten.size;
  }

  get holdsRounds(): boolean {
    return this.#onDiskAlone > 0 || this.#recent.holdsRounds;
  }

  whenReady(listener: () => void): void {
    this.#ready = listener;
  }

  add(readings: readonly LabelledReading[]): Promise<readonly Dropped[]> {
    const added = this.#turn.then(() => this.#add(readings));
    this.#turn = added;
    return added;
  }

  take(max: number): readonly LabelledReading[] {
    // Where the newest epoch is in part on disk alone, it waits for that part: its numbers go in order.
    const isSplit = !this.#backlog.isDrained && this.#recent.newestEpoch === this.#splitEpoch;
    const taken = isSplit ? [] : this.#recent.takeNewest(max);
    if (!this.#backlog.isDrained) taken.push(...this.#backlog.take(max - taken.length));
    if (this.#backlog.isDrained) taken.push(...this.#recent.takeOldest(max - taken.length));
    for (const range of rangesOf(taken)) this.#taken.add(range);
    return taken;
  }

  release({ epoch, seq }: Label): void {
    const wasInMemory = this.#recent.remove(epoch, seq) || this.#isArriving(epoch, seq);
    if (this.#unwritten.remove(epoch, seq)) return;
    const segment = this.#shelf.holderOf(epoch, seq);
    if (segment === undefined) return;
    this.#shelf.release(segment, { epoch, from: seq, to: seq });
    segment.unnoted.add({ epoch, from: seq, to: seq });
    if (!wasInMemory) this.#onDiskAlone -= 1;
  }

  releaseThrough(epoch: string, seq: number): void {
    const through = { epoch, from: 1, to: seq };
    for (const label of labelsOf(this.#unwritten.partsOf(through))) this.release(label);
    for (const label of labelsOf(this.#shelf.partsOf(through))) this.release(label);
    this.rewind();
  }

  rewind(): void {
    this.#taken.clear();
    this.#recent.rewind();
    this.#backlog.restart(this.#onDiskAlone > 0 ? 0 : Number.POSITIVE_INFINITY);
  }

  /** Writes down what was answered since the last round, and lets go of the files. Nothing may be called any more. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#unwritten.flush();
    if (this.#unwritten.isHanging) return;
    this.#removals.tidy(this.#writer.segment);
    // The youngest segment says what was answered of the others, and is of use as long as they are.
    if (this.#shelf.count > 0 && this.#shelf.segments.some(({ unnoted }) => unnoted.count > 0)) {
      // What cannot be written any more is sent once more by the next run, and the server knows it.
      await this.#writer.append([]).catch(reasonOf);
    }
    await this.#writer.close().catch(reasonOf);
    if (this.#shelf.count === 0) this.#removals.tidy(this.#writer.segment);
    await this.#removals.settled();
  }

  async #add(readings: readonly LabelledReading[]): Promise<readonly Dropped[]> {
    this.#arriving = rangesOf(readings);
    this.#unwritten.add(readings, this.#arriving);
    const { size } = this;
    await this.#unwritten.flush();
    this.#arriving = [];
    // Mostly nothing was let go of in the meantime.
    const held = this.size === size ? readings : readings.filter((reading) => this.#isHeld(reading));
    for (const reading of held) this.#recent.add(reading);
    this.#shrink();
    this.#spill();
    this.#backlog.retry();
    return this.#lost.take();
  }

  #isHeld({ epoch, seq }: Label): boolean {
    return this.#unwritten.has(epoch, seq) || this.#shelf.holderOf(epoch, seq) !== undefined;
  }

  #claim({ held }: Segment, { epoch, seq }: Label): boolean {
    if (!held.has(epoch, seq) || this.#isAtHand(epoch, seq)) return false;
    this.#taken.add({ epoch, from: seq, to: seq });
    return true;
  }

  /** Whether a reading that is held on disk need not be read from there to be sent. */
  #isAtHand(epoch: string, seq: number): boolean {
    return this.#taken.has(epoch, seq) || this.#recent.has(epoch, seq) || this.#isArriving(epoch, seq);
  }

  #isArriving(epoch: string, seq: number): boolean {
    return this.#arriving.some((range) => range.epoch === epoch && range.from <= seq && seq <= range.to);
  }

  /** Leaves to the disk what is too much for memory: the oldest, which are behind all that is on disk alone. */
  #spill(): void {
    const { recentMax = recentMaxDefault } = this.#options;
    if (this.#recent.size <= recentMax) return;
    let first: Segment | undefined;
    while (this.#recent.size > recentMax / 2) {
      const { oldest } = this.#recent;
      if (oldest === undefined || this.#unwritten.has(oldest.epoch, oldest.seq)) break;
      first ??= this.#shelf.holderOf(oldest.epoch, oldest.seq);
      this.#recent.remove(oldest.epoch, oldest.seq);
      this.#onDiskAlone += 1;
      this.#splitEpoch = oldest.epoch;
    }
    if (first !== undefined) this.#backlog.goBack(first);
  }

  /** Drops the oldest of what is too much for the disk, or, while it takes nothing, for memory. */
  #shrink(): void {
    const { bytesMax, unwrittenMax = unwrittenMaxDefault } = this.#options;
    this.#removals.tidy(this.#writer.segment);
    const [...oldest] = this.#shelf.segments;
    for (const segment of oldest) {
      if (this.#shelf.bytes <= bytesMax || segment === this.#writer.segment) break;
      this.#drop(segment);
    }
    for (const oldest of this.#unwritten.oldest(Math.max(0, this.#unwritten.size - unwrittenMax))) {
      const { time } = oldest;
      this.release(oldest);
      this.#lost.add({ count: 1, fromMs: time, toMs: time, reason: 'spool full' });
    }
  }

  #drop(segment: Segment): void {
    const { held, firstMs, lastMs } = segment;
    this.#lost.add({ count: held.count, fromMs: firstMs, toMs: lastMs, reason: 'spool full' });
    for (const { epoch, seq } of labelsOf(held)) if (!this.#recent.remove(epoch, seq)) this.#onDiskAlone -= 1;
    this.#removals.remove(segment);
  }

  /** What a segment holds and was not in it when it was read is lost. */
  #passed(segment: Segment, unreadable: string | undefined): void {
    const { name, held, firstMs, lastMs } = segment;
    const missing = [...labelsOf(held)].filter(({ epoch, seq }) => !this.#isAtHand(epoch, seq));
    for (const { epoch, seq } of missing) this.#shelf.release(segment, { epoch, from: seq, to: seq });
    const count = missing.length;
    this.#onDiskAlone -= count;
    segment.unreadable ||= unreadable !== undefined;
    if (count === 0) return;
    this.#options.log('warn', 'spool-damaged', { file: name, count, reason: unreadable ?? 'wrong checksums' });
    this.#lost.add({ count, fromMs: firstMs, toMs: lastMs, reason: 'spool damaged' });
  }
}
