import type { LabelledReading } from '../../core/reading.ts';
import { reasonOf } from '../../core/system-error.ts';
import { decodeEntry } from './entry.ts';
import { RecordReader } from './record.ts';
import type { Segment, Shelf } from './shelf.ts';

/** Rounds in which a segment is tried again that could not be read. */
const attemptsMax = 3;

export interface BacklogOptions {
  readonly shelf: Shelf;
  readonly load: (segment: Segment) => Promise<Buffer>;
  /** Takes a reading of the segment, if it is to be taken from there: it is held, not at hand in another way, and has not been taken. */
  readonly claim: (segment: Segment, reading: LabelledReading) => boolean;
  /** All of the segment has been read, or, for the reason given, none of it can be. */
  readonly passed: (segment: Segment, reason: string | undefined) => void;
  /** A segment has been loaded. */
  readonly ready: () => void;
}

interface Loaded {
  readonly segment: Segment;
  readonly reader: RecordReader;
}

/**
 * Reads segments from disk, oldest first: one is in memory while its readings are taken, and the one that follows. Records are decoded as
 * they are taken, so that no call takes long.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  /** Segments with lower numbers are through. */
  #number = 0;
  #current: Loaded | undefined;
  #following: Loaded | undefined;
  /** The rest of the record that was read last. */
  #pending: LabelledReading[] = [];
  #loading: { readonly segment: Segment } | undefined;
  #failed: { readonly segment: Segment; attempts: number; wait: boolean } | undefined;
  #isDrained: boolean;

  constructor(options: BacklogOptions) {
    this.#options = options;
    this.#isDrained = options.shelf.count === 0;
  }

  /** Whether all segments are through. */
  get isDrained(): boolean {
    return this.#isDrained;
  }

  /** Reads again, from the segment with this number on. With `Infinity` all are through. */
  restart(number: number): void {
    this.#number = number;
    this.#current = undefined;
    this.#following = undefined;
    this.#pending = [];
    this.#loading = undefined;
    this.#isDrained = number === Number.POSITIVE_INFINITY;
  }

  /** There is something to read in this segment, whatever was read of it. */
  goBack({ number }: Segment): void {
    if (this.#isDrained || number <= this.#number) {
      this.restart(Math.min(number, this.#number));
      return;
    }
    // What was loaded, or is being loaded, ends before what was written since.
    if (this.#following !== undefined && number <= this.#following.segment.number) this.#following = undefined;
    if (this.#loading !== undefined && number <= this.#loading.segment.number) this.#loading = undefined;
  }

  /** A segment that could not be read may be tried again. */
  retry(): void {
    if (this.#failed?.wait !== true) return;
    this.#failed.wait = false;
    this.#options.ready();
  }

  /** At most `max` readings of those that are at hand. */
  take(max: number): LabelledReading[] {
    const taken: LabelledReading[] = [];
    while (taken.length < max && !this.#isDrained) {
      const current = this.#arrive();
      if (current === undefined) break;
      const reading = this.#pending.shift();
      if (reading === undefined) this.#read(current);
      else if (this.#options.claim(current.segment, reading)) taken.push(reading);
    }
    return taken;
  }

  /** The segment to take from; undefined where it is being loaded, or there is none. */
  #arrive(): Loaded | undefined {
    if (this.#current !== undefined) return this.#current;
    const segment = this.#options.shelf.holderFrom(this.#number);
    if (segment === undefined) {
      this.restart(Number.POSITIVE_INFINITY);
      return undefined;
    }
    if (this.#following?.segment !== segment) {
      this.#load(segment);
      return undefined;
    }
    this.#number = segment.number;
    this.#current = this.#following;
    this.#following = undefined;
    const next = this.#options.shelf.holderFrom(segment.number + 1);
    if (next !== undefined) this.#load(next);
    return this.#current;
  }

  #read({ segment, reader }: Loaded): void {
    const found = reader.next();
    if (found === undefined) {
      this.#pass(segment, undefined);
      return;
    }
    const entry = found.type === 'record' ? decodeEntry(found.payload) : undefined;
    if (entry?.type === 'round') this.#pending = [...entry.readings];
  }

  #pass(segment: Segment, reason: string | undefined): void {
    this.#current = undefined;
    this.#number = segment.number + 1;
    this.#options.passed(segment, reason);
  }

  #load(segment: Segment): void {
    if (this.#loading !== undefined || (this.#failed?.segment === segment && this.#failed.wait)) return;
    const loading = { segment };
    this.#loading = loading;
    const { seed, recordsAt: at, bytes } = segment;
    this.#options.load(segment).then(
      (whole) => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        this.#failed = undefined;
        this.#following = { segment, reader: new RecordReader(whole.subarray(0, bytes), { at, seed }) };
        this.#options.ready();
      },
      (error: unknown) => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        this.#fail(segment, reasonOf(error));
      },
    );
  }

  #fail(segment: Segment, reason: string): void {
    // It was loaded ahead of its time, which will come.
    if (this.#current !== undefined) return;
    const attempts = (this.#failed?.segment === segment ? this.#failed.attempts : 0) + 1;
    this.#failed = { segment, attempts, wait: attempts < attemptsMax };
    if (attempts < attemptsMax) return;
    this.#pass(segment, reason);
    this.#options.ready();
  }
}
