import { stepOf } from '../../step-values.ts';
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
 * `beginMs` says from when on a tier has all, by the server's clock, for that is by what chunks go; Infinity where it has nothing. A unit whose clock is years behind gets a coarser
 * tier than it must, once the finer one has dropped anything.
 */
export function planTiers(stepMs: number, beginMs: (tier: Tier) => number): readonly Stretch[] {
  const exact = tiers.filter((tier) => stepMs % (stepMsOf(tier) ?? 1) === 0).toReversed();
  const stretches: Stretch[] = [];
  for (const tier of exact) {
    const fromMs = beginMs(tier);
    const following = stretches[0];
    if (fromMs === Number.POSITIVE_INFINITY) continue;
    if (following !== undefined && !isBefore(fromMs, following.fromMs, following.tier)) continue;
    // What the coarser tier has of its first step that is asked for, the finer one has as well.
    begin(stretches, { fromMs, tier, stepMs }, stepMs);
  }
  for (const { tier, stepMs: ownMs } of rollUps) {
    const fromMs = beginMs(tier);
    const following = stretches[0];
    if (exact.includes(tier) || fromMs === Number.POSITIVE_INFINITY) continue;
    if (following !== undefined && !isBefore(fromMs, following.fromMs, tier)) continue;
    // What the finer tiers still have of this step, the roll-up has as well.
    begin(stretches, { fromMs, tier, stepMs: ownMs }, ownMs);
  }
  const [first, ...others] = stretches;
  if (first === undefined) {
    return [{ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, tier: 0, stepMs }];
  }
  // Readings that come late are before all that was moved, and still in blocks.
  return [{ ...first, fromMs: Number.NEGATIVE_INFINITY }, ...others];
}

/** Puts a stretch before the others, which begin where its last step of `wholeMs` ends: no step is cut in two. */
function begin(stretches: Stretch[], stretch: Omit<Stretch, 'toMs'>, wholeMs: number): void {
  const following = stretches[0];
  const toMs = following === undefined ? Number.POSITIVE_INFINITY : -stepOf(-following.fromMs, wholeMs);
  while (stretches[0] !== undefined && stretches[0].toMs <= toMs) stretches.shift();
  if (stretches[0] !== undefined) stretches[0] = { ...stretches[0], fromMs: toMs };
  stretches.unshift({ ...stretch, toMs });
}

/** Whether one tier reaches further back than another: not only to the middle of a step that the other has. */
function isBefore(fromMs: number, otherMs: number, tier: Tier): boolean {
  const stepMs = stepMsOf(tier) ?? 1;
  return stepOf(fromMs, stepMs) < stepOf(otherMs, stepMs);
}
