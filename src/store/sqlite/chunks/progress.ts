import type { StatementSync } from 'node:sqlite';
import { checksum } from '../block.ts';
import { Damage } from '../faults.ts';
import { integerIn } from '../row.ts';

/** How far readings were moved. Chunks above `lastChunk` are of a move that has not ended; blocks up to `movedBlock` are in chunks already. Both are as if they were not there. */
export interface Progress {
  readonly movedBlock: number;
  readonly lastChunk: number;
}

/** Throws where its row is damaged: with a wrong number, readings would be there twice, or not at all. */
export function readProgress(statement: StatementSync): Progress {
  const row = statement.get();
  if (row === undefined) return { movedBlock: 0, lastChunk: 0 };
  const progress = { movedBlock: integerIn(row, 'moved_block'), lastChunk: integerIn(row, 'last_chunk') };
  if (progressChecksum(progress) !== row['checksum']) throw new Damage('how far readings were moved into chunks');
  return progress;
}

export function progressChecksum({ movedBlock, lastChunk }: Progress): number {
  return checksum(`${movedBlock} ${lastChunk}`);
}
