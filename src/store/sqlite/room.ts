import { tiers, type Tier } from './chunks/tier.ts';
import type { Connection } from './connection.ts';
import type { Dropped, DropGoal } from './dropped.ts';
import { dropOldest, movedBlocks, oldestOf, oldestStoredMs, removeMoved, type Oldest } from './dropping.ts';
import { bytesInUse, type SpaceLimits } from './space.ts';

/** Steps of dropping within one append; a budget that is lowered by much is met by retention, step by step. */
const stepsAnAppendMax = 4;

/** How long what is stored is kept, by tier; for ever where it is left out. */
export type RetentionMs = Readonly<Partial<Record<Tier, number>>>;

/** A tier is let be where it reaches back less than this part of what the next coarser one does: that one goes then. */
const reachShare = 1 / 4;

/** Drops the oldest of the finest tier, within the caller's transaction, so that a batch of so many bytes does not make the file grow beyond its budget. */
export function makeRoom(bytes: number, limits: SpaceLimits, connection: Connection): readonly Dropped[] {
  if (limits.databaseBytesMax === Number.POSITIVE_INFINITY) return [];
  const all: Dropped[] = [];
  for (let step = 0; step < stepsAnAppendMax; step += 1) {
    const goal = { bytes: bytesInUse(connection.statements) + bytes - limits.databaseBytesMax };
    if (goal.bytes <= 0) break;
    const moved = movedBlocks(connection);
    const oldest = moved.length > 0 ? undefined : oldestOf(inTurn(connection), goal, connection);
    if (moved.length > 0) removeMoved(moved, connection);
    else if (oldest === undefined) break;
    else all.push(dropOldest(oldest, goal, connection));
  }
  return all;
}

/** What is to go next for its age or for the budget. Without `nowMs` nothing is too old. */
export function nextToDrop(
  { nowMs, retentionMs }: { readonly nowMs: number | undefined; readonly retentionMs: RetentionMs },
  limits: SpaceLimits,
  connection: Connection,
): { readonly oldest: Oldest; readonly goal: DropGoal } | undefined {
  for (const tier of tiers) {
    const keptMs = retentionMs[tier];
    if (nowMs === undefined || keptMs === undefined) continue;
    const goal = { beforeMs: nowMs - keptMs, nowMs };
    const oldest = oldestOf([tier], goal, connection);
    if (oldest !== undefined) return { oldest, goal };
  }
  const goal = { bytes: bytesInUse(connection.statements) - limits.databaseBytesMax };
  // What was moved goes anyway, and may be enough.
  if (goal.bytes <= 0 || movedBlocks(connection).length > 0) return undefined;
  const oldest = oldestOf(inTurn(connection), goal, connection);
  return oldest && { oldest, goal };
}

/**
 * The tiers in the order in which the budget takes of them: the finest first, unless so little is left of it that the next coarser one reaches back four times as far.
 * Otherwise years of roll-ups would in the end leave no room for the readings of today.
 */
function inTurn(connection: Connection): readonly Tier[] {
  const { storedMs } = connection;
  if (storedMs === undefined) return tiers;
  const reach = tiers.map((tier) => storedMs - (oldestStoredMs(tier, connection) ?? storedMs));
  const first = tiers.find((tier) => (reach[tier] ?? 0) >= reachShare * (reach[tier + 1] ?? 0)) ?? 0;
  return [...tiers.slice(first), ...tiers.slice(0, first)];
}
