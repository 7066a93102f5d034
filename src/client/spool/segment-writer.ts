import { reasonOf } from '../../core/system-error.ts';
import type { SpoolFile, SpoolFolder } from './folder.ts';
import { encodeHeader, seedOf } from './header.ts';
import { takeNotes, takeStock } from './notes.ts';
import { encodeRecord } from './record.ts';
import { newSegment, segmentName, type Segment, type Shelf } from './shelf.ts';

/**
 * A segment that has grown to this is followed by another. A full spool drops its oldest segment, a 256th of the default; while a backlog is
 * read, two are in memory.
 */
const segmentBytesDefault = 256 * 1_024;
/** Of a small spool, a segment is this part. */
const segmentsMin = 16;

export interface SegmentWriterOptions {
  readonly folder: SpoolFolder;
  readonly shelf: Shelf;
  readonly owner: string;
  /** 8 random hex digits. */
  readonly drawSalt: () => string;
  /** `round`: what was written survives a loss of power once it is said to be written. */
  readonly sync: 'never' | 'round';
  /** What all segments may have together. */
  readonly bytesMax: number;
  /** The number of the next segment. */
  readonly nextNumber: number;
}

interface Open {
  readonly segment: Segment;
  readonly file: SpoolFile;
}

/** Writes records at the end of the youngest segment, in one write, and begins new segments. One call at a time. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #segmentBytesMax: number;
  #nextNumber: number;
  #open: Open | undefined;
  /** The youngest segment of an earlier run, to write on at. */
  #left: Segment | undefined;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#segmentBytesMax = Math.min(segmentBytesDefault, Math.floor(options.bytesMax / segmentsMin));
    this.#nextNumber = options.nextNumber;
    this.#left = options.shelf.segments.at(-1);
  }

  /** The segment that is written to, and not to be removed. */
  get segment(): Segment | undefined {
    return this.#open?.segment ?? this.#left;
  }

  /** Resolves with the segment that the records are in. Rejects with the system's error; then they are in none. */
  append(payloads: readonly string[]): Promise<Segment> {
    const open = this.#open;
    return open !== undefined && open.segment.bytes < this.#segmentBytesMax
      ? this.#continue(open, payloads)
      : this.#move(payloads);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#left = undefined;
    await open?.file.close();
  }

  /** To what an earlier run has left, or to a new segment. */
  async #move(payloads: readonly string[]): Promise<Segment> {
    const left = this.#left;
    await this.close();
    if (left !== undefined && left.bytes < this.#segmentBytesMax) {
      // Where it cannot be written on at, a new segment will do, and says what is wrong if it will not.
      const file = await this.#options.folder.open(left.name).catch(reasonOf);
      if (typeof file !== 'string') {
        await this.#secureName(left, file);
        this.#open = { segment: left, file };
        return this.#continue(this.#open, payloads);
      }
    }
    return this.#begin(payloads);
  }

  /** The run that made the segment may have ended before its name would survive a loss of power. */
  async #secureName(left: Segment, file: SpoolFile): Promise<void> {
    const { folder, sync } = this.#options;
    if (sync === 'never') return;
    try {
      await folder.sync();
    } catch (error) {
      this.#left = left;
      await file.close().catch(reasonOf);
      throw error;
    }
  }

  async #continue({ segment, file }: Open, payloads: readonly string[]): Promise<Segment> {
    const { shelf, sync } = this.#options;
    const notes = takeNotes(shelf);
    const text = recordsText([...notes.payloads, ...payloads], segment.seed);
    try {
      await file.append(text);
      if (sync === 'round') await file.sync();
    } catch (error) {
      notes.giveBack();
      await this.#undo(segment, file);
      throw error;
    }
    shelf.grow(segment, Buffer.byteLength(text));
    return segment;
  }

  async #begin(payloads: readonly string[]): Promise<Segment> {
    const { folder, shelf, owner, drawSalt, sync } = this.#options;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    const header = { owner, salt: drawSalt(), number };
    const seed = seedOf(header);
    const head = encodeHeader(header);
    const notes = takeStock(shelf);
    const text = head + recordsText([...notes.payloads, ...payloads], seed);
    let file: SpoolFile | undefined;
    try {
      file = await folder.create(segmentName(number));
      await file.append(text);
      if (sync === 'round') {
        await file.sync();
        await folder.sync();
      }
    } catch (error) {
      notes.giveBack();
      if (file !== undefined) await this.#discard(file, segmentName(number));
      throw error;
    }
    const segment = newSegment({ number, seed, recordsAt: head.length, bytes: Buffer.byteLength(text) });
    shelf.add(segment);
    this.#open = { segment, file };
    return segment;
  }

  /** Part of a write may be there: it is cut off, or nothing is written behind it. */
  async #undo(segment: Segment, file: SpoolFile): Promise<void> {
    try {
      await file.truncate(segment.bytes);
    } catch {
      // The error of the write itself is what is told.
      this.#open = undefined;
      await file.close().catch(reasonOf);
    }
  }

  /** Nothing that is needed is in the file, whatever becomes of it. */
  async #discard(file: SpoolFile, name: string): Promise<void> {
    await file.close().catch(reasonOf);
    await this.#options.folder.remove(name).catch(reasonOf);
  }
}

function recordsText(payloads: readonly string[], seed: number): string {
  let text = '';
  for (const payload of payloads) text += encodeRecord(payload, seed);
  return text;
}
