import { encodeAnswered, encodeKept } from './entry.ts';
import { LabelRanges } from './label-ranges.ts';
import type { Segment, Shelf } from './shelf.ts';

/** Records of what was answered, to go with the next readings. */
export interface Notes {
  readonly payloads: readonly string[];
  /** They could not be written. */
  giveBack(): void;
}

/** What was answered since the last notes. */
export function takeNotes(shelf: Shelf): Notes {
  const taken = take(shelf);
  const ranges = taken.flatMap(({ unnoted }) => [...unnoted]);
  return { payloads: encodeAnswered(ranges), giveBack: giveBack(taken) };
}

/**
 * What is left of each segment that is partly answered: what a new segment begins with. So the notes in older ones, which may be deleted
 * in any order, are not needed any more.
 */
export function takeStock(shelf: Shelf): Notes {
  const taken = take(shelf);
  const begun = shelf.segments.filter(({ begun }) => begun);
  return { payloads: begun.flatMap(({ number, held }) => encodeKept(number, held)), giveBack: giveBack(taken) };
}

function take(shelf: Shelf): readonly { readonly segment: Segment; readonly unnoted: LabelRanges }[] {
  const taken = [];
  for (const segment of shelf.segments) {
    const { unnoted } = segment;
    if (unnoted.count === 0) continue;
    segment.unnoted = new LabelRanges();
    taken.push({ segment, unnoted });
  }
  return taken;
}

function giveBack(taken: ReturnType<typeof take>): () => void {
  return () => {
    for (const { segment, unnoted } of taken) for (const range of unnoted) segment.unnoted.add(range);
  };
}
