/** What a reading is known by. */
export interface Label {
  readonly epoch: string;
  readonly seq: number;
}

/** The numbers `from` to `to`, both included, of one epoch. */
export interface LabelRange {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
}

interface Range {
  from: number;
  to: number;
}

/** Labels of readings as ranges of numbers by epoch, so that a backlog of any length costs little more than one range an epoch. */
export class LabelRanges {
  /** Ascending and apart; no epoch without a range. */
  readonly #epochs = new Map<string, Range[]>();
  #count = 0;

  /** How many labels these are. */
  get count(): number {
    return this.#count;
  }

  *[Symbol.iterator](): Generator<LabelRange, void> {
    for (const [epoch, ranges] of this.#epochs) {
      for (const { from, to } of ranges) yield { epoch, from, to };
    }
  }

  has(epoch: string, seq: number): boolean {
    const ranges = this.#epochs.get(epoch);
    const range = ranges?.[firstEndingFrom(ranges, seq)];
    return range !== undefined && range.from <= seq;
  }

  add({ epoch, from, to }: LabelRange): void {
    const ranges = this.#epochs.get(epoch);
    if (ranges === undefined) {
      this.#epochs.set(epoch, [{ from, to }]);
      this.#count += to - from + 1;
      return;
    }
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === from) {
      last.to = to;
      this.#count += to - from + 1;
      return;
    }
    // Whatever overlaps or touches becomes one range.
    const index = firstEndingFrom(ranges, from - 1);
    const joined = { from, to };
    let end = index;
    for (let range = ranges[end]; range !== undefined && range.from <= to + 1; range = ranges[end]) {
      joined.from = Math.min(joined.from, range.from);
      joined.to = Math.max(joined.to, range.to);
      this.#count -= range.to - range.from + 1;
      end += 1;
    }
    ranges.splice(index, end - index, joined);
    this.#count += joined.to - joined.from + 1;
  }

  /** Answers how many labels of the range were there. */
  remove({ epoch, from, to }: LabelRange): number {
    const ranges = this.#epochs.get(epoch);
    if (ranges === undefined) return 0;
    const first = ranges[0];
    // Answers come in order: mostly it is the beginning of the first range.
    if (first !== undefined && first.from === from && first.to > to) {
      first.from = to + 1;
      this.#count -= to - from + 1;
      return to - from + 1;
    }
    const index = firstEndingFrom(ranges, from);
    const left: Range[] = [];
    let removed = 0;
    let end = index;
    for (let range = ranges[end]; range !== undefined && range.from <= to; range = ranges[end]) {
      if (range.from < from) left.push({ from: range.from, to: from - 1 });
      if (range.to > to) left.push({ from: to + 1, to: range.to });
      removed += Math.min(range.to, to) - Math.max(range.from, from) + 1;
      end += 1;
    }
    if (removed === 0) return 0;
    ranges.splice(index, end - index, ...left);
    if (ranges.length === 0) this.#epochs.delete(epoch);
    this.#count -= removed;
    return removed;
  }

  /** What of the range is there. */
  partsOf({ epoch, from, to }: LabelRange): readonly LabelRange[] {
    const ranges = this.#epochs.get(epoch) ?? [];
    const parts: LabelRange[] = [];
    for (let index = firstEndingFrom(ranges, from); index < ranges.length; index += 1) {
      const range = ranges[index];
      if (range === undefined || range.from > to) break;
      parts.push({ epoch, from: Math.max(from, range.from), to: Math.min(to, range.to) });
    }
    return parts;
  }

  /** The labels that are in both. */
  intersection(other: LabelRanges): LabelRanges {
    const both = new LabelRanges();
    for (const range of other) for (const part of this.partsOf(range)) both.add(part);
    return both;
  }

  clear(): void {
    this.#epochs.clear();
    this.#count = 0;
  }
}

/** The ranges of readings in their order: one for a round. */
export function rangesOf(readings: readonly Label[]): readonly LabelRange[] {
  const ranges: { epoch: string; from: number; to: number }[] = [];
  let last: { epoch: string; from: number; to: number } | undefined;
  for (const { epoch, seq } of readings) {
    if (last?.epoch === epoch && last.to + 1 === seq) {
      last.to = seq;
      continue;
    }
    last = { epoch, from: seq, to: seq };
    ranges.push(last);
  }
  return ranges;
}

/** All of them one by one. */
export function* labelsOf(ranges: Iterable<LabelRange>): Generator<Label, void> {
  for (const { epoch, from, to } of ranges) {
    for (let seq = from; seq <= to; seq += 1) yield { epoch, seq };
  }
}

/** The index of the first range that ends at `seq` or later. */
function firstEndingFrom(ranges: readonly Range[], seq: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range !== undefined && range.to < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
