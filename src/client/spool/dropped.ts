import type { Dropped } from './contract.ts';

/** What was dropped before and what was dropped after it, for one reason, as one. */
export function joinDropped(before: Dropped | undefined, after: Dropped): Dropped {
  if (before === undefined) return after;
  const { reason, count, fromMs, toMs } = after;
  return {
    reason,
    count: before.count + count,
    fromMs: Math.min(before.fromMs, fromMs),
    toMs: Math.max(before.toMs, toMs),
  };
}
