import type { UnitReading } from '../../../core/reading.ts';
import type { Query } from '../../contract.ts';
import { checksum, decodeBlock, type Block } from '../block.ts';
import { bytesIn, integerIn } from '../row.ts';
import type { Wanted } from '../wanted-words.ts';
import { readingAt, type Words } from '../words.ts';
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
  const { statements } = connection;
  const rows = statements.segments.all();
  for (const [index, row] of rows.entries()) {
    const following = rows[index + 1];
    const segment = integerIn(row, 'segment');
    const end = following === undefined ? lastBlock : Math.min(lastBlock, integerIn(following, 'first_block') - 1);
    const first = Math.max(movedBlock + 1, integerIn(row, 'first_block'));
    if (first > end) continue;
    if (integerIn(row, 'sealed') !== 0 && !mayHold(segment, query, statements)) continue;
    const words = connection.words.of(segment);
    const wanted = connection.wanted.of(segment, words, query);
    if (!wanted.any) continue;
    for (let number = first; ; number += 1) {
      const found = statements.blockFrom.get(number, end);
      if (found === undefined) break;
      number = integerIn(found, 'block');
      const bytes = bytesIn(found, 'data');
      const block = checksum(bytes) === integerIn(found, 'checksum') ? decodeBlock(bytes) : undefined;
      if (block === undefined || !takeMatching(block, query, { words, wanted }, take)) damaged(number);
    }
  }
}

/** False where words are missing: nobody knows where the values behind that reading begin. */
function takeMatching(
  block: Block,
  { fromMs, toMs }: Query,
  { words, wanted }: { readonly words: Words; readonly wanted: Wanted },
  take: (reading: UnitReading) => void,
): boolean {
  let valueOffset = 0;
  for (let index = 0; index < block.seqs.length; index += 1) {
    const streamNumber = block.streams[index] ?? 0;
    const shapeNumber = block.shapes[index] ?? 0;
    const valueCount = words.valueCounts[shapeNumber];
    if (valueCount === undefined) return false;
    if (wanted.streams[streamNumber] === 1 && wanted.shapes[shapeNumber] === 1) {
      const time = block.times[index] ?? 0;
      const stream = words.streams[streamNumber];
      const shape = words.shapes[shapeNumber];
      if (time >= fromMs && time < toMs && stream !== undefined && shape !== undefined) {
        take(readingAt(block, index, valueOffset, stream, shape));
      }
    }
    valueOffset += valueCount;
  }
  return true;
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
