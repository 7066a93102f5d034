import type { StatementSync } from 'node:sqlite';
import type { Block } from '../block.ts';
import { blockIn } from '../block-row.ts';
import { integerIn } from '../row.ts';
import type { SegmentWords } from '../segment-words.ts';
import type { Shape, Stream, Words } from '../words.ts';

/** A segment of which some blocks were not moved yet: those from `firstBlock` to `lastBlock`. */
export interface WaitingSegment {
  readonly segment: number;
  readonly sealed: boolean;
  readonly firstBlock: number;
  readonly lastBlock: number;
}

export interface WaitingBlock {
  readonly number: number;
  readonly words: Words;
  readonly segment: number;
  /** Undefined where it is damaged. */
  readonly block: Block | undefined;
}

/** One reading of a block, without anything made for it. */
export type TakeReading = (index: number, stream: number, shape: number, valueOffset: number) => void;

/** The segments of which there are blocks behind `movedBlock`, and up to `lastBlock`. */
export function waitingSegments(segments: StatementSync, movedBlock: number, lastBlock: number): WaitingSegment[] {
  const rows = segments.all();
  return rows.flatMap((row, index) => {
    const following = rows[index + 1];
    const end = following === undefined ? lastBlock : Math.min(lastBlock, integerIn(following, 'first_block') - 1);
    const firstBlock = Math.max(movedBlock + 1, integerIn(row, 'first_block'));
    if (firstBlock > end) return [];
    return [{ segment: integerIn(row, 'segment'), sealed: integerIn(row, 'sealed') !== 0, firstBlock, lastBlock: end }];
  });
}

/** The blocks of these segments, each read when it is asked for, so that nothing is held open between two of them. */
export function* waitingBlocks(
  segments: readonly WaitingSegment[],
  blockFrom: StatementSync,
  segmentWords: SegmentWords,
): Generator<WaitingBlock> {
  for (const { segment, firstBlock, lastBlock } of segments) {
    const words = segmentWords.of(segment);
    let number = firstBlock;
    for (;;) {
      const row = blockFrom.get(number, lastBlock);
      if (row === undefined) break;
      number = integerIn(row, 'block');
      yield { number, words, segment, block: blockIn(row) };
      number += 1;
    }
  }
}

/** Calls `take` for each reading of a block; false where words are missing: nobody knows where the values behind that reading begin. */
export function eachReading({ streams, shapes }: Block, { valueCounts }: Words, take: TakeReading): boolean {
  let valueOffset = 0;
  for (let index = 0; index < streams.length; index += 1) {
    const shape = shapes[index] ?? 0;
    const valueCount = valueCounts[shape];
    if (valueCount === undefined) return false;
    take(index, streams[index] ?? 0, shape, valueOffset);
    valueOffset += valueCount;
  }
  return true;
}

/** The key of the series that such a reading is of; undefined where words of it are lost. */
export function seriesKeyOf(stream: Stream | undefined, shape: Shape | undefined): string | undefined {
  if (stream === undefined || shape === undefined) return undefined;
  const [clientId] = stream;
  const [sensor, id, , names] = shape;
  return JSON.stringify([clientId, sensor, id, names]);
}
