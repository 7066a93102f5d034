import { dropChunks, oldChunks, oldestChunkMs, type OldChunk } from './chunks/drop-chunks.ts';
import { rollUps, tiers, type Tier } from './chunks/tier.ts';
import type { Connection } from './connection.ts';
import type { Dropped, DropGoal } from './dropped.ts';
import { forgetNumbers } from './forget-numbers.ts';
import { integerIn, textIn } from './row.ts';
import type { Statements } from './statements.ts';

/** What one step drops: so much takes about a millisecond, and an append waits no longer. */
const stepBlocksMax = 64;
const stepBytesMax = 1024 * 1024;
const stepGapsMax = 256;
const stepUnitsMax = 64;

/** What one step drops: chunks of a tier, or readings that are still in blocks. */
export type Oldest =
  | { readonly tier: Tier; readonly chunks: readonly OldChunk[] }
  | { readonly tier: 0; readonly blocks: readonly OldBlock[] };

interface OldBlock {
  readonly block: number;
  readonly storedMs: number;
  readonly readings: number;
  readonly bytes: number;
}

/** The oldest of the first of these tiers that has anything to drop for this goal. Chunks are older than blocks. */
export function oldestOf(among: readonly Tier[], goal: DropGoal, connection: Connection): Oldest | undefined {
  for (const tier of among) {
    const chunks = oldChunks(tier, goal, connection);
    if (chunks.length > 0) return { tier, chunks };
    const blocks = tier === 0 ? oldBlocks(goal, connection) : [];
    if (blocks.length > 0) return { tier: 0, blocks };
  }
  return undefined;
}

/** Drops them, within the caller's transaction. */
export function dropOldest(oldest: Oldest, goal: DropGoal, connection: Connection): Dropped {
  const reason = 'bytes' in goal ? 'budget' : 'age';
  const rollUp = rollUps.find(({ tier }) => tier === oldest.tier)?.name;
  const dropped = 'chunks' in oldest ? dropChunks(oldest, connection) : dropBlocks(oldest.blocks, connection);
  return { reason, ...dropped, ...(rollUp !== undefined && { rollUp }) };
}

/** The moved blocks that one step takes away; empty where there is none left. */
export function movedBlocks({ statements, progress }: Connection): readonly OldBlock[] {
  const { movedBlock } = progress;
  return [...firstBlocks(0, statements)].filter(({ block }) => block <= movedBlock);
}

/** Takes them away, within the caller's transaction: their readings are in chunks. */
export function removeMoved(blocks: readonly OldBlock[], { statements }: Connection): void {
  statements.dropBlocks.run(blocks.at(-1)?.block ?? 0);
}

/** Drops gaps that ended, and were written last, before the oldest that is left was stored, and what happened to units before that; true where there may be more. */
export function dropGapsAndEvents(nowMs: number | undefined, connection: Connection): boolean {
  const { begin, commit, oldGaps, removeGap, oldEvents, removeEvent, dropSetAside } = connection.statements;
  const oldestMs = Math.min(...tiers.map((tier) => oldestStoredMs(tier, connection) ?? Number.POSITIVE_INFINITY));
  // Stored in the future, its time says nothing of what is old.
  if (nowMs === undefined || oldestMs > nowMs) return false;
  const gaps = oldGaps.all(oldestMs, stepGapsMax);
  const events = oldEvents.all(Math.min(oldestMs, goneThroughMs(connection)), stepGapsMax);
  if (gaps.length + events.length === 0) return false;
  begin.run();
  for (const row of gaps) removeGap.run(textIn(row, 'client_id'), integerIn(row, 'number'));
  for (const row of events) {
    removeEvent.run(textIn(row, 'client_id'), integerIn(row, 'time_ms'), integerIn(row, 'number'));
  }
  dropSetAside.run(oldestMs);
  commit.run();
  return Math.max(gaps.length, events.length) === stepGapsMax;
}

/** Until when nothing is left of any tier. The first that happens to a unit comes before its first reading, and is not old for that. */
function goneThroughMs({ statements }: Connection): number {
  const coarsest = statements.droppedThrough.get(Math.max(...tiers));
  return coarsest === undefined ? Number.NEGATIVE_INFINITY : integerIn(coarsest, 'through_ms');
}

/** The oldest segment, if it has no block any more and a later one has begun. */
export function emptySegment({ statements, nextBlock }: Connection): number | undefined {
  const [first, second] = statements.firstSegments.all();
  if (first === undefined || second === undefined) return undefined;
  const oldest = statements.oldestBlocks.get(0, 1);
  const oldestBlock = oldest === undefined ? nextBlock : integerIn(oldest, 'block');
  return integerIn(second, 'first_block') <= oldestBlock ? integerIn(first, 'segment') : undefined;
}

/**
 * Drops what is left of a segment without blocks, within the caller's transaction, of so many units a step. The highest numbers of a unit go when the unit
 * has no reading left (protocol 4).
 */
export function dropSegment(segment: number, { statements, segment: current }: Connection): void {
  // One of which all readings were stored before has no block from its beginning.
  if (current?.former?.number === segment) current.sealFormer();
  const units = statements.presentUnits.all(segment, stepUnitsMax);
  for (const row of units) {
    const clientId = textIn(row, 'client_id');
    const toMs = integerIn(row, 'to_ms');
    statements.dropPresence.run(segment, clientId);
    if (integerIn(row, 'from_ms') <= toMs) statements.setNewest.run(clientId, toMs);
    if (statements.chunkOfUnit.get(clientId) === undefined) forgetNumbers(clientId, segment, statements, current);
  }
  if (units.length === stepUnitsMax) return;
  statements.dropWords.run(segment);
  statements.dropSegment.run(segment);
}

/** The oldest blocks that a step drops for this goal; empty where there is nothing to drop. */
function oldBlocks(goal: DropGoal, { statements, progress }: Connection): readonly OldBlock[] {
  const blocks: OldBlock[] = [];
  let bytes = 0;
  for (const block of firstBlocks(progress.movedBlock, statements)) {
    if ('bytes' in goal ? bytes >= goal.bytes : storedMs(block, goal.nowMs, statements) >= goal.beforeMs) break;
    blocks.push(block);
    bytes += block.bytes;
  }
  return blocks;
}

/** Behind a block, as many as one step may drop. */
function* firstBlocks(behind: number, { oldestBlocks }: Pick<Statements, 'oldestBlocks'>): Generator<OldBlock> {
  let bytes = 0;
  for (const row of oldestBlocks.all(behind, stepBlocksMax)) {
    const block = {
      block: integerIn(row, 'block'),
      storedMs: integerIn(row, 'stored_ms'),
      readings: integerIn(row, 'readings'),
      bytes: integerIn(row, 'bytes'),
    };
    yield block;
    bytes += block.bytes;
    if (bytes >= stepBytesMax) return;
  }
}

/** The marks of the segment that is being written stay, and those of one that is not yet sealed. */
function dropBlocks(
  blocks: readonly OldBlock[],
  { statements, segment }: Connection,
): Omit<Dropped, 'reason' | 'rollUp'> {
  const last = blocks.at(-1)?.block ?? 0;
  segment?.writeMarksThrough(last);
  statements.dropBlocks.run(last);
  return {
    droppedReadings: blocks.reduce((sum, { readings }) => sum + readings, 0),
    fromMs: Math.min(...blocks.map((block) => block.storedMs)),
    throughMs: Math.max(...blocks.map((block) => block.storedMs)),
  };
}

/** When the oldest reading, or step of a roll-up, of a tier that is kept was stored. */
export function oldestStoredMs(tier: Tier, connection: Connection): number | undefined {
  const inChunks = oldestChunkMs(tier, connection);
  if (inChunks !== undefined || tier > 0) return inChunks;
  const block = connection.statements.oldestBlocks.get(connection.progress.movedBlock, 1);
  return block === undefined ? undefined : integerIn(block, 'stored_ms');
}

/** A block from a time when the server's clock was ahead is as old as what was stored after it. */
function storedMs({ block, storedMs }: OldBlock, nowMs: number, statements: Pick<Statements, 'storedAfter'>): number {
  if (storedMs <= nowMs) return storedMs;
  const after = statements.storedAfter.get(block, nowMs);
  return after === undefined ? storedMs : integerIn(after, 'stored_ms');
}
