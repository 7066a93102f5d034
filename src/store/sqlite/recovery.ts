import { checksum } from './block.ts';
import { blockIn } from './block-row.ts';
import { Damage } from './faults.ts';
import { integerIn, textIn } from './row.ts';
import { Segment } from './segment.ts';
import type { Statements } from './statements.ts';
import { parseWords } from './words.ts';

/** Where writing goes on: the numbers of the next segment and of its first block. */
export interface Position {
  /** The last segment, if its writer did not come to seal it; with the one before, where that is not sealed either. */
  readonly segment: Segment | undefined;
  readonly nextSegment: number;
  readonly nextBlock: number;
}

/**
 * Takes up a database after its last writer ended, in order or not: the blocks of segments that were not sealed are read again, which moves their marks as the
 * writer had moved them. Throws where it is damaged, for then nobody knows the highest numbers. Writes nothing.
 */
export function recover(statements: Statements, movedBlock: number): Position {
  const newestFirst = statements.lastSegments.all().map((row) => ({
    number: integerIn(row, 'segment'),
    firstBlock: integerIn(row, 'first_block'),
    isSealed: integerIn(row, 'sealed') !== 0,
  }));
  const [last] = newestFirst;
  if (last === undefined) return { segment: undefined, nextSegment: 1, nextBlock: movedBlock + 1 };
  let segment: Segment | undefined;
  for (const [index, { number, firstBlock, isSealed }] of [...newestFirst.entries()].toReversed()) {
    if (isSealed) continue;
    const behind = newestFirst[index - 1]?.firstBlock ?? Number.POSITIVE_INFINITY;
    segment = readAgain(new Segment({ number, firstBlock, former: segment }, statements), behind, statements);
  }
  return {
    segment,
    nextSegment: last.number + 1,
    nextBlock: Math.max(last.firstBlock, movedBlock + 1, integerIn(statements.lastBlock.get(), 'block') + 1),
  };
}

/** With its blocks, which are those before `behind`. */
function readAgain(segment: Segment, behind: number, { words, blocksFrom }: Statements): Segment {
  for (const row of words.iterate(segment.number)) {
    const text = textIn(row, 'text');
    const parsed = checksum(text) === integerIn(row, 'checksum') ? parseWords(text) : undefined;
    if (parsed === undefined) throw new Damage(`words of segment ${segment.number}`);
    segment.define(parsed);
  }
  for (const row of blocksFrom.iterate(segment.firstBlock)) {
    if (integerIn(row, 'block') >= behind) break;
    const block = blockIn(row);
    if (block === undefined) throw new Damage(`block ${integerIn(row, 'block')}`);
    segment.takeAgain(block);
  }
  return segment;
}
