import { decodeEntry, type Entry } from './entry.ts';
import { LabelRanges, type LabelRange } from './label-ranges.ts';
import { RecordReader } from './record.ts';
import { Shelf, widen, type Segment } from './shelf.ts';

/** A segment as it was found, and what is wrong with it. */
export interface Found {
  readonly segment: Segment;
  /** Bytes of records that cannot be read, the torn off ones too. */
  damagedBytes: number;
  /** Of these, those behind the last record that can be read. */
  tornBytes: number;
  /** Readings that were in them, as far as the numbers around them tell, and were not answered. */
  missing: LabelRanges;
  /** Times of the readings around them, milliseconds since 1970, UTC. */
  missingFromMs: number;
  missingToMs: number;
}

/** Takes stock of the segments of an earlier run: which readings are in them, and which of these have been answered. */
export class Inventory {
  readonly shelf = new Shelf();
  readonly #found: Found[] = [];
  /** The last number so far of each epoch. */
  readonly #lastSeqs = new Map<string, number>();
  /** The last reading so far. */
  #last: { readonly epoch: string; readonly seq: number; readonly time: number } | undefined;

  /** Oldest first. */
  get found(): readonly Found[] {
    return this.#found;
  }

  /** Takes in the next segment, oldest first. Its records begin at `segment.recordsAt` of `bytes`, and `segment` holds nothing yet. */
  read(segment: Segment, bytes: Buffer): void {
    const found: Found = {
      segment,
      damagedBytes: 0,
      tornBytes: 0,
      missing: new LabelRanges(),
      missingFromMs: Number.POSITIVE_INFINITY,
      missingToMs: 0,
    };
    this.#found.push(found);
    this.shelf.add(segment);
    const reader = new RecordReader(bytes, { at: segment.recordsAt, seed: segment.seed });
    let behindDamage = false;
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      const entry = record.type === 'record' ? decodeEntry(record.payload) : undefined;
      const size = record.end - record.at;
      if (entry === undefined) {
        found.damagedBytes += size;
        found.tornBytes += size;
        behindDamage = true;
        continue;
      }
      found.tornBytes = 0;
      if (behindDamage && entry.type === 'round') this.#miss(found, entry);
      if (entry.type === 'round') behindDamage = false;
      this.#take(segment, entry);
    }
  }

  #take(segment: Segment, entry: Entry): void {
    switch (entry.type) {
      case 'round':
        for (const reading of entry.readings) {
          const { epoch, seq, time } = reading;
          const lastSeq = this.#lastSeqs.get(epoch) ?? 0;
          if (seq <= lastSeq) this.#supersede({ epoch, from: seq, to: lastSeq });
          this.#lastSeqs.set(epoch, seq);
          this.#last = { epoch, seq, time };
          this.shelf.hold(segment, { epoch, from: seq, to: seq });
          widen(segment, time, time);
        }
        return;
      case 'answered':
        for (const range of entry.ranges) this.#answered(range);
        return;
      case 'kept':
        this.#kept(entry.segment, entry.ranges);
    }
  }

  /**
   * Numbers grow, so these come for the second time: a write that failed halfway was done again, with all from the first of them on. What is left of the
   * first attempt does not count. It may be a later part without the earlier one, and would be sent first.
   */
  #supersede(range: LabelRange): void {
    for (const { segment, missing } of this.#found) {
      this.shelf.release(segment, range);
      missing.remove(range);
    }
  }

  /** Numbers within an epoch are given one after another: what lies between the last one and this one was in the damage. */
  #miss(found: Found, { readings }: Extract<Entry, { type: 'round' }>): void {
    const [next] = readings;
    const last = this.#last;
    if (next === undefined || last?.epoch !== next.epoch || next.seq <= last.seq + 1) return;
    found.missing.add({ epoch: next.epoch, from: last.seq + 1, to: next.seq - 1 });
    found.missingFromMs = Math.min(found.missingFromMs, last.time);
    found.missingToMs = Math.max(found.missingToMs, next.time);
  }

  /** Mostly readings of the youngest segments. */
  #answered(range: LabelRange): void {
    let left = range.to - range.from + 1;
    for (const { segment, missing } of this.#found.toReversed()) {
      left -= this.shelf.release(segment, range) + missing.remove(range);
      if (left <= 0) return;
    }
  }

  #kept(number: number, ranges: readonly LabelRange[]): void {
    const found = this.#found.find(({ segment }) => segment.number === number);
    if (found === undefined) return;
    const kept = new LabelRanges();
    for (const range of ranges) kept.add(range);
    this.shelf.keep(found.segment, kept);
    found.missing = found.missing.intersection(kept);
  }
}
