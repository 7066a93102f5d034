import { rollUps, stepMsOf, tiers, type Tier } from '../chunks/tier.ts';

/** A stretch of time, the tier to read it from, and the step that can be answered of it. */
export interface Stretch {
  /** Milliseconds since 1970; the first inclusive, the second not. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly tier: Tier;
  readonly stepMs: number;
}

/**
 * From which tiers a history in steps of `stepMs` is read, in order of time. As a rule that is the coarsest whose steps make whole ones of those; for the time of which
 * it has nothing any more, a finer one that has; and for the time of which none of these has any, the finest that is left, in steps of its own.
 *
 * `beginMs` says when the first reading or step of a tier is; Infinity where it has none.
 */
export function planTiers(stepMs: number, beginMs: (tier: Tier) => number): readonly Stretch[] {
  const exact = tiers.filter((tier) => stepMs % (stepMsOf(tier) ?? 1) === 0).toReversed();
  const stretches: Stretch[] = [];
  for (const tier of exact) {
    const fromMs = beginMs(tier);
    const following = stretches[0];
    if (fromMs === Number.POSITIVE_INFINITY) continue;
    if (following !== undefined && !isBefore(fromMs, following.fromMs, following.tier)) continue;
    stretches.unshift({ fromMs, toMs: following?.fromMs ?? Number.POSITIVE_INFINITY, tier, stepMs });
  }
  for (const { tier, stepMs: ownMs } of rollUps) {
    const fromMs = beginMs(tier);
    const following = stretches[0];
    if (exact.includes(tier) || fromMs === Number.POSITIVE_INFINITY) continue;
    if (following !== undefined && !isBefore(fromMs, following.fromMs, tier)) continue;
    // What the finer tier still has of this step, the roll-up has as well.
    const toMs = following === undefined ? Number.POSITIVE_INFINITY : Math.ceil(following.fromMs / ownMs) * ownMs;
    if (following !== undefined) stretches[0] = { ...following, fromMs: toMs };
    stretches.unshift({ fromMs, toMs, tier, stepMs: ownMs });
  }
  const [first, ...others] = stretches;
  if (first === undefined) {
    return [{ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, tier: 0, stepMs }];
  }
  // Readings that come late are before all that was moved, and still in blocks.
  return [{ ...first, fromMs: Number.NEGATIVE_INFINITY }, ...others];
}

/** Whether one tier reaches further back than another: not only to the middle of a step that the other has. */
function isBefore(fromMs: number, otherMs: number, tier: Tier): boolean {
  const stepMs = stepMsOf(tier) ?? 1;
  return Math.floor(fromMs / stepMs) * stepMs < Math.floor(otherMs / stepMs) * stepMs;
}
