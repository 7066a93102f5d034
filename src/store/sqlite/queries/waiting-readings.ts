import type { UnitReading } from '../../../core/reading.ts';
import type { Query } from '../../contract.ts';
import { eachReading, waitingBlocks, waitingSegments } from '../chunks/waiting-blocks.ts';
import { integerIn } from '../row.ts';
import { readingAt } from '../words.ts';
import type { ReaderConnection, ReaderStatements } from './reader-connection.ts';

/** Which blocks: those behind `movedBlock` up to `lastBlock`. */
export interface WaitingRange {
  readonly movedBlock: number;
  readonly lastBlock: number;
}

/** Gives each reading that matches and is still in a block, in order of arrival. `damaged` is told of each block that cannot be read whole. */
export function eachWaiting(
  query: Query,
  { movedBlock, lastBlock }: WaitingRange,
  connection: ReaderConnection,
  { take, damaged }: { readonly take: (reading: UnitReading) => void; readonly damaged: (block: number) => void },
): void {
  const { statements, words: segmentWords } = connection;
  const { fromMs, toMs } = query;
  for (const segment of waitingSegments(statements.segments, movedBlock, lastBlock)) {
    if (segment.sealed && !mayHold(segment.segment, query, statements)) continue;
    const wanted = connection.wanted.of(segment.segment, segmentWords.of(segment.segment), query);
    if (!wanted.any) continue;
    for (const { number, block, words } of waitingBlocks([segment], statements.blockFrom, segmentWords)) {
      const isWhole =
        block !== undefined &&
        eachReading(block, words, (index, streamNumber, shapeNumber, valueOffset) => {
          if (wanted.streams[streamNumber] !== 1 || wanted.shapes[shapeNumber] !== 1) return;
          const time = block.times[index] ?? 0;
          const stream = words.streams[streamNumber];
          const shape = words.shapes[shapeNumber];
          if (!(time >= fromMs && time < toMs) || stream === undefined || shape === undefined) return;
          take(readingAt(block, index, valueOffset, stream, shape));
        });
      if (!isWhole) damaged(number);
    }
  }
}

/** Whether the unit has readings of that time in a sealed segment. */
function mayHold(
  segment: number,
  { clientId, fromMs, toMs }: Query,
  { presence }: Pick<ReaderStatements, 'presence'>,
): boolean {
  const row = presence.get(segment, clientId);
  return row !== undefined && integerIn(row, 'from_ms') < toMs && integerIn(row, 'to_ms') >= fromMs;
}
