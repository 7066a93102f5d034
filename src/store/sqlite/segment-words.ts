import type { StatementSync } from 'node:sqlite';
import { checksum } from './block.ts';
import { integerIn, textIn } from './row.ts';
import { parseWords, Words } from './words.ts';

/** The words of the segment that was read last. Those of a segment that is being written grow. */
export class SegmentWords {
  readonly #partsFrom: StatementSync;
  #segment = 0;
  #nextPart = 0;
  #words = new Words();

  /** `partsFrom` gives `part`, `checksum` and `text` of a segment from a part on. */
  constructor(partsFrom: StatementSync) {
    this.#partsFrom = partsFrom;
  }

  /** Words that are damaged are left out: readings that need them cannot be read. */
  of(segment: number): Words {
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#nextPart = 0;
      this.#words = new Words();
    }
    for (const row of this.#partsFrom.iterate(segment, this.#nextPart)) {
      const text = textIn(row, 'text');
      const parsed = checksum(text) === integerIn(row, 'checksum') ? parseWords(text) : undefined;
      if (parsed !== undefined) this.#words.add(parsed);
      this.#nextPart = integerIn(row, 'part') + 1;
    }
    return this.#words;
  }
}
