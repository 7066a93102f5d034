import type { Connection } from '../connection.ts';
import { checksum } from '../block.ts';
import { dropSegment, emptySegment, movedBlocks, removeMoved } from '../dropping.ts';
import { Damage } from '../faults.ts';
import { commitLightly } from '../light-commit.ts';
import { integerIn } from '../row.ts';
import type { Statements } from '../statements.ts';
import type { Merge } from './merge.ts';
import type { MovedWindow } from './move.ts';
import type { PackedChunk, PackedSeries } from './packed-chunk.ts';
import { progressChecksum, type Progress } from './progress.ts';
import { chunkChecksum } from './stored-chunk.ts';

/** Chunks of a move that did not end which one step takes away. */
const unfinishedMax = 64;

/** Chunks of a move on their way; `begins`: the first of it. */
export interface AddedChunks {
  readonly begins: boolean;
  readonly storedMs: number;
  readonly series: readonly PackedSeries[];
}

/** Adds chunks that nobody sees before their move ends; false where the move is gone that they go on with, or chunks of another are in the way. */
export function addToMove({ begins, storedMs, series }: AddedChunks, connection: Connection): boolean {
  // Those would be seen when this move ends.
  if (begins) connection.moving = hasUnfinished(connection) ? undefined : 0;
  if (connection.moving === undefined) return false;
  let added = 0;
  commitLightly(connection, () => {
    for (const { clientId, key, chunks } of series) {
      const number = seriesNumber(clientId, key, connection.statements);
      for (const chunk of chunks) addChunk(chunk, { series: number, storedMs }, connection);
      added += chunks.length;
    }
  });
  connection.moving += added;
  return true;
}

/** Puts the chunks of a move in the place of its blocks; false where some of either are gone. Durable when it returns. */
export function endMove(window: MovedWindow, connection: Connection): boolean {
  const { begin, commit, oldestBlocks, setAside } = connection.statements;
  const added = connection.moving ?? 0;
  connection.moving = undefined;
  const oldest = oldestBlocks.get(connection.progress.movedBlock, 1);
  const first = oldest === undefined ? undefined : integerIn(oldest, 'block');
  if (added !== window.chunks || (window.firstBlock !== undefined && first !== window.firstBlock)) return false;
  begin.run();
  for (const block of window.damagedBlocks) setAside.run(block);
  const progress = moveOn({ movedBlock: window.lastBlock, lastChunk: connection.nextChunk - 1 }, connection);
  commit.run();
  connection.progress = progress;
  return true;
}

/** Puts chunks in the place of others; false, and nothing is done, where one of those is gone. */
export function replaceChunks({ series, replaced, storedMs, chunks }: Merge, connection: Connection): boolean {
  const { hasChunk, dropChunk } = connection.statements;
  if (connection.moving !== undefined || hasUnfinished(connection)) return false;
  if (replaced.some((chunk) => hasChunk.get(chunk) === undefined)) return false;
  connection.progress = commitLightly(connection, () => {
    for (const chunk of replaced) dropChunk.run(chunk);
    for (const chunk of chunks) addChunk(chunk, { series, storedMs }, connection);
    return moveOn({ ...connection.progress, lastChunk: connection.nextChunk - 1 }, connection);
  });
  return true;
}

/**
 * One step of sealing the segment before the last, and of taking away what was moved, or belongs to a move that did not end, which one that is under way never will; true where
 * there may be more.
 */
export function tidy(connection: Connection): boolean {
  connection.moving = undefined;
  const blocks = movedBlocks(connection);
  const chunks = unfinishedChunks(connection);
  const empty = emptySegment(connection);
  const { segment } = connection;
  if (blocks.length === 0 && chunks.length === 0 && empty === undefined && segment?.former === undefined) return false;
  commitLightly(connection, () => {
    segment?.sealFormer(connection.sealedUnitsMax);
    if (blocks.length > 0) removeMoved(blocks, connection);
    for (const chunk of chunks) connection.statements.dropChunk.run(chunk);
    if (empty !== undefined) dropSegment(empty, connection);
  });
  return true;
}

/** Chunks of a move that did not end. */
function unfinishedChunks({ statements, progress }: Connection): readonly number[] {
  return statements.unfinishedChunks.all(progress.lastChunk, unfinishedMax).map((row) => integerIn(row, 'chunk'));
}

function hasUnfinished({ statements, progress }: Connection): boolean {
  return statements.unfinishedChunks.get(progress.lastChunk, 1) !== undefined;
}

function addChunk(
  { tier, rows, fromMs, toMs, summary, data }: PackedChunk,
  { series, storedMs }: { readonly series: number; readonly storedMs: number },
  connection: Connection,
): void {
  const sum = chunkChecksum({ series, tier, rows, fromMs, toMs }, summary, data);
  const { nextChunk, statements } = connection;
  statements.addChunk.run(nextChunk, series, tier, rows, fromMs, toMs, storedMs, sum, summary, data);
  connection.nextChunk += 1;
}

function seriesNumber(clientId: string, key: string, { series, addSeries }: Statements): number {
  const known = series.get(key);
  if (known !== undefined) return integerIn(known, 'series');
  const { lastInsertRowid } = addSeries.run(clientId, checksum(key), key);
  if (typeof lastInsertRowid !== 'number') throw new Damage('the number of a series');
  return lastInsertRowid;
}

/** Within the caller's transaction: the connection takes it over when that is through. */
function moveOn(progress: Progress, { statements }: Connection): Progress {
  statements.setProgress.run(progress.movedBlock, progress.lastChunk, progressChecksum(progress));
  return progress;
}
