import { checksum } from './block.ts';
import { blockIn } from './block-row.ts';
import { Damage } from './faults.ts';
import { integerIn, textIn } from './row.ts';
import { Segment } from './segment.ts';
import type { Statements } from './statements.ts';
import { parseWords } from './words.ts';

/** Where writing goes on: the numbers of the next segment and of its first block. */
export interface Position {
  /** The last segment, if its writer did not come to seal it. */
  readonly segment: Segment | undefined;
  readonly nextSegment: number;
  readonly nextBlock: number;
}

/**
 * Takes up a database after its last writer ended, in order or not: the blocks of a segment that was not sealed are read again, which moves its marks as the
 * writer had moved them. Throws where it is damaged, for then nobody knows the highest numbers. Writes nothing.
 */
export function recover(statements: Statements, movedBlock: number): Position {
  const last = statements.lastSegment.get();
  if (last === undefined) return { segment: undefined, nextSegment: 1, nextBlock: movedBlock + 1 };
  const number = integerIn(last, 'segment');
  const firstBlock = integerIn(last, 'first_block');
  const isSealed = integerIn(last, 'sealed') !== 0;
  return {
    segment: isSealed ? undefined : readAgain(new Segment({ number, firstBlock }, statements), statements),
    nextSegment: number + 1,
    nextBlock: Math.max(firstBlock, movedBlock + 1, integerIn(statements.lastBlock.get(), 'block') + 1),
  };
}

function readAgain(segment: Segment, { words, blocksFrom }: Statements): Segment {
  for (const row of words.iterate(segment.number)) {
    const text = textIn(row, 'text');
    const parsed = checksum(text) === integerIn(row, 'checksum') ? parseWords(text) : undefined;
    if (parsed === undefined) throw new Damage(`words of segment ${segment.number}`);
    segment.define(parsed);
  }
  for (const row of blocksFrom.iterate(segment.firstBlock)) {
    const block = blockIn(row);
    if (block === undefined) throw new Damage(`block ${integerIn(row, 'block')}`);
    segment.takeAgain(block);
  }
  return segment;
}
