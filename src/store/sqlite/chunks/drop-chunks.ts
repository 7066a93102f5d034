import type { Connection } from '../connection.ts';
import type { Dropped, DropGoal } from '../dropped.ts';
import { forgetNumbers } from '../forget-numbers.ts';
import { integerIn, textIn } from '../row.ts';
import { stepMsOf, type Tier } from './tier.ts';

/** What one step drops: about a millisecond's worth, and an append waits no longer. */
const stepChunksMax = 64;
const stepBytesMax = 1024 * 1024;

/** A time that is further ahead of when it was stored says nothing of what is gone: the clock of that unit is wrong. */
const clockAheadMsMax = 86_400_000;

export interface OldChunk {
  readonly chunk: number;
  readonly series: number;
  readonly rows: number;
  readonly storedMs: number;
  /** The last `time` in it. */
  readonly toMs: number;
}

/** The oldest chunks of a tier that a step drops for this goal. Those that were stored when the server's clock was ahead come last. */
export function oldChunks(tier: Tier, goal: DropGoal, { statements, progress }: Connection): readonly OldChunk[] {
  const chunks: OldChunk[] = [];
  let bytes = 0;
  for (const row of statements.oldChunks.all(tier, progress.lastChunk, stepChunksMax)) {
    const storedMs = integerIn(row, 'stored_ms');
    if ('bytes' in goal ? bytes >= goal.bytes : storedMs >= goal.beforeMs) break;
    chunks.push({
      chunk: integerIn(row, 'chunk'),
      series: integerIn(row, 'series'),
      rows: integerIn(row, 'rows'),
      storedMs,
      toMs: integerIn(row, 'to_ms'),
    });
    bytes += integerIn(row, 'bytes');
    if (bytes >= stepBytesMax) break;
  }
  return chunks;
}

export function oldestChunkMs(tier: Tier, { statements, progress }: Connection): number | undefined {
  const row = statements.oldChunks.get(tier, progress.lastChunk, 1);
  return row === undefined ? undefined : integerIn(row, 'stored_ms');
}

/** Drops them, within the caller's transaction. A unit that has no reading left is forgotten with its highest numbers (protocol 4). */
export function dropChunks(
  { tier, chunks }: { readonly tier: Tier; readonly chunks: readonly OldChunk[] },
  { statements, segment }: Connection,
): Omit<Dropped, 'reason' | 'rollUp'> {
  for (const { chunk } of chunks) statements.dropChunk.run(chunk);
  const throughMs = Math.max(...chunks.map(({ storedMs }) => storedMs));
  // The last step of a roll-up is gone to its end.
  const endOf = (toMs: number): number => toMs + (stepMsOf(tier) ?? 1);
  const goneMs = chunks.map((chunk) =>
    Math.max(chunk.storedMs, Math.min(endOf(chunk.toMs), chunk.storedMs + clockAheadMsMax)),
  );
  statements.setDropped.run(tier, Math.max(...goneMs));
  if (tier === 0) {
    const units = new Set(
      [...new Set(chunks.map((chunk) => chunk.series))].map((series) =>
        textIn(statements.unitOfSeries.get(series), 'client_id'),
      ),
    );
    for (const clientId of units) {
      if (statements.chunkOfUnit.get(clientId) !== undefined) continue;
      if (statements.presenceOfUnit.get(clientId) !== undefined) continue;
      forgetNumbers(clientId, Number.POSITIVE_INFINITY, statements, segment);
    }
  }
  return {
    droppedReadings: chunks.reduce((sum, { rows }) => sum + rows, 0),
    fromMs: Math.min(...chunks.map(({ storedMs }) => storedMs)),
    throughMs,
  };
}
