import type { Store } from '../store/contract.ts';
import type { Unit } from './unit.ts';

/** More than the last server can have stored since it wrote down how far a gap was filled. */
const recalledMax = 10_000;

/**
 * Tells a unit's gaps of the late readings that the last server stored after it had written down for the last time how far they fill a gap. Before the unit sends
 * more of them; a jump would otherwise count as time in which nothing was taken.
 */
export async function recall(unit: Unit, store: Pick<Store, 'query'>): Promise<void> {
  const span = unit.gaps.takeRecall();
  if (span === undefined) return;
  let count = 0;
  try {
    for await (const { reading } of store.query({ clientId: unit.clientId, ...span })) {
      unit.gaps.late(reading.time);
      count += 1;
      if (count === recalledMax) return;
    }
  } catch {
    // A gap will then be shown as longer than it was, which is no reason to turn the unit away.
  }
}
