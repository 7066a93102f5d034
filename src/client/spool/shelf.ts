import { LabelRanges, type LabelRange } from './label-ranges.ts';

/** A file of the spool. What is in it is known; the readings themselves are on disk. */
export interface Segment {
  readonly number: number;
  readonly name: string;
  /** The checksum that those of its records begin with. */
  readonly seed: number;
  /** Where its first record begins. */
  readonly recordsAt: number;
  /** What is written of it, from its start on. */
  bytes: number;
  /** Its readings that were not answered. */
  held: LabelRanges;
  /** Its readings that were, and of which no record says so yet. */
  unnoted: LabelRanges;
  /** Whether any of its readings was answered. */
  begun: boolean;
  /** It could not be read, and is set aside where others are deleted. */
  unreadable: boolean;
  /** Times of its first and its last reading, milliseconds since 1970, UTC. */
  firstMs: number;
  lastMs: number;
}

export interface NewSegment {
  readonly number: number;
  readonly seed: number;
  readonly recordsAt: number;
  readonly bytes: number;
}

/** Readings of these times are written behind those that are in the segment. */
export function widen(segment: Segment, fromMs: number, toMs: number): void {
  if (segment.lastMs === 0) segment.firstMs = fromMs;
  segment.lastMs = toMs;
}

/** A segment that holds nothing yet. */
export function newSegment({ number, seed, recordsAt, bytes }: NewSegment): Segment {
  return {
    number,
    name: segmentName(number),
    seed,
    recordsAt,
    bytes,
    held: new LabelRanges(),
    unnoted: new LabelRanges(),
    begun: false,
    unreadable: false,
    firstMs: 0,
    lastMs: 0,
  };
}

const nameForm = /^(\d{8,15})\.spool(\.damaged)?$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.spool`;
}

/** What a name in the folder says; undefined where it is none of a spool's. */
export function parseSegmentName(name: string): { readonly number: number; readonly damaged: boolean } | undefined {
  const match = nameForm.exec(name);
  return match === null ? undefined : { number: Number(match[1]), damaged: match[2] !== undefined };
}

/** All segments, oldest first, and which of their readings are held. */
export class Shelf {
  readonly #segments: Segment[] = [];
  #count = 0;
  #bytes = 0;

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Readings held in all of them. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A segment that is younger than all others. */
  add(segment: Segment): void {
    this.#segments.push(segment);
    this.#count += segment.held.count;
    this.#bytes += segment.bytes;
  }

  /** The segment is no more, nor what it holds. */
  remove(segment: Segment): void {
    const index = this.#segments.indexOf(segment);
    if (index < 0) return;
    this.#segments.splice(index, 1);
    this.#count -= segment.held.count;
    this.#bytes -= segment.bytes;
    segment.held = new LabelRanges();
  }

  grow(segment: Segment, bytes: number): void {
    segment.bytes += bytes;
    this.#bytes += bytes;
  }

  /** The segment holds these too. */
  hold(segment: Segment, range: LabelRange): void {
    this.#count -= segment.held.count;
    segment.held.add(range);
    this.#count += segment.held.count;
  }

  /** Answers how many of these were held. */
  release(segment: Segment, range: LabelRange): number {
    const released = segment.held.remove(range);
    this.#count -= released;
    segment.begun ||= released > 0;
    return released;
  }

  /** Of what the segment holds, nothing else than `kept` is held. */
  keep(segment: Segment, kept: LabelRanges): void {
    const before = segment.held.count;
    segment.held = segment.held.intersection(kept);
    this.#count -= before - segment.held.count;
    segment.begun ||= before > segment.held.count;
  }

  /** The segment that holds a reading: mostly the youngest, or one of the oldest. */
  holderOf(epoch: string, seq: number): Segment | undefined {
    const youngest = this.#segments.at(-1);
    if (youngest?.held.has(epoch, seq) === true) return youngest;
    return this.#segments.find(({ held }) => held.has(epoch, seq));
  }

  /** What of the range is held. */
  partsOf(range: LabelRange): readonly LabelRange[] {
    return this.#segments.flatMap(({ held }) => held.partsOf(range));
  }

  /** The oldest segment from number `number` on that holds anything. */
  holderFrom(number: number): Segment | undefined {
    return this.#segments.find((segment) => segment.number >= number && segment.held.count > 0);
  }
}
