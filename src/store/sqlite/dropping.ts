import { integerIn, textIn } from './row.ts';
import type { Segment } from './segment.ts';
import type { Statements } from './statements.ts';

/** What one step drops: so much takes about a millisecond, and an append waits no longer. */
const stepBlocksMax = 64;
const stepBytesMax = 1024 * 1024;
const stepGapsMax = 256;

/** Readings that were dropped, the oldest first; they were stored from `fromMs` to `throughMs` by the server's clock, for their age or for the budget. */
export interface Dropped {
  readonly reason: 'age' | 'budget';
  readonly droppedReadings: number;
  readonly fromMs: number;
  readonly throughMs: number;
}

/** Until when to drop: blocks stored before `beforeMs` as it is `nowMs`, or the oldest until so many bytes are free. */
export type DropGoal = { readonly beforeMs: number; readonly nowMs: number } | { readonly bytes: number };

interface OldBlock {
  readonly block: number;
  readonly storedMs: number;
  readonly readings: number;
  readonly bytes: number;
}

/** The oldest blocks that a step drops for this goal; empty where there is nothing to drop. */
export function oldBlocks(
  goal: DropGoal,
  statements: Pick<Statements, 'oldestBlocks' | 'storedAfter'>,
): readonly OldBlock[] {
  const blocks: OldBlock[] = [];
  let bytes = 0;
  for (const row of statements.oldestBlocks.iterate(stepBlocksMax)) {
    const block = {
      block: integerIn(row, 'block'),
      storedMs: integerIn(row, 'stored_ms'),
      readings: integerIn(row, 'readings'),
      bytes: integerIn(row, 'bytes'),
    };
    if ('bytes' in goal ? bytes >= goal.bytes : storedMs(block, goal.nowMs, statements) >= goal.beforeMs) break;
    blocks.push(block);
    bytes += block.bytes;
    if (bytes >= stepBytesMax) break;
  }
  return blocks;
}

/** Drops them, within the caller's transaction. The marks of the segment that is being written stay. */
export function dropBlocks(
  blocks: readonly OldBlock[],
  statements: Pick<Statements, 'dropBlocks'>,
  current: Segment | undefined,
): Omit<Dropped, 'reason'> {
  const last = blocks.at(-1)?.block ?? 0;
  if (current !== undefined && last >= current.firstBlock) current.writeMarks();
  statements.dropBlocks.run(last);
  return {
    droppedReadings: blocks.reduce((sum, { readings }) => sum + readings, 0),
    fromMs: Math.min(...blocks.map((block) => block.storedMs)),
    throughMs: Math.max(...blocks.map((block) => block.storedMs)),
  };
}

/** Drops gaps that ended, and were written last, before the oldest reading that is left was stored; true where there may be more. */
export function dropGaps(
  nowMs: number | undefined,
  { begin, commit, oldestBlocks, oldGaps, removeGap }: Statements,
): boolean {
  const oldest = oldestBlocks.get(1);
  const oldestMs = oldest === undefined ? undefined : integerIn(oldest, 'stored_ms');
  // Stored in the future, its time says nothing of what is old.
  if (oldestMs === undefined || nowMs === undefined || oldestMs > nowMs) return false;
  const gaps = oldGaps.all(oldestMs, stepGapsMax);
  if (gaps.length === 0) return false;
  begin.run();
  for (const row of gaps) removeGap.run(textIn(row, 'client_id'), integerIn(row, 'number'));
  commit.run();
  return gaps.length === stepGapsMax;
}

/** The oldest segment, if it has no block any more and a later one has begun. */
export function emptySegment(
  { firstSegments, oldestBlocks }: Pick<Statements, 'firstSegments' | 'oldestBlocks'>,
  nextBlock: number,
): number | undefined {
  const [first, second] = firstSegments.all();
  if (first === undefined || second === undefined) return undefined;
  const oldest = oldestBlocks.get(1);
  const oldestBlock = oldest === undefined ? nextBlock : integerIn(oldest, 'block');
  return integerIn(second, 'first_block') <= oldestBlock ? integerIn(first, 'segment') : undefined;
}

/**
 * Drops what is left of a segment without blocks, within the caller's transaction. The highest numbers of a unit go when the unit has no reading left
 * (protocol 4).
 */
export function dropSegment(segment: number, statements: Statements, current: Segment | undefined): void {
  const units = statements.presentUnits.all(segment).map((row) => textIn(row, 'client_id'));
  for (const clientId of units) {
    if (current?.has(clientId) === true) continue;
    const last = statements.lastMarkedSegment.get(clientId)?.['segment'];
    if (typeof last === 'number' && last <= segment) statements.dropMarks.run(clientId);
  }
  statements.dropPresence.run(segment);
  statements.dropWords.run(segment);
  statements.dropSegment.run(segment);
}

/** A block from a time when the server's clock was ahead is as old as what was stored after it. */
function storedMs({ block, storedMs }: OldBlock, nowMs: number, statements: Pick<Statements, 'storedAfter'>): number {
  if (storedMs <= nowMs) return storedMs;
  const after = statements.storedAfter.get(block, nowMs);
  return after === undefined ? storedMs : integerIn(after, 'stored_ms');
}
