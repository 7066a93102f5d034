import type { StatementSync } from 'node:sqlite';
import { checksum, decodeBlock, type Block } from '../block.ts';
import { bytesIn, integerIn } from '../row.ts';
import type { SegmentWords } from '../segment-words.ts';
import type { Shape, Stream, Words } from '../words.ts';
import type { WaitingSegment } from './window.ts';

export interface WaitingBlock {
  readonly number: number;
  readonly words: Words;
  readonly segment: number;
  /** Undefined where it is damaged. */
  readonly block: Block | undefined;
}

/** One reading of a block, without anything made for it. */
export type TakeReading = (index: number, stream: number, shape: number, valueOffset: number) => void;

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
      const bytes = bytesIn(row, 'data');
      const block = checksum(bytes) === integerIn(row, 'checksum') ? decodeBlock(bytes) : undefined;
      yield { number, words, segment, block };
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
