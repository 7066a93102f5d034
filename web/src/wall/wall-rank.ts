import type { FleetRow } from '../../../src/api/contract.ts';
import { compareWorst, worstOf, type Worst } from '../../../src/api/fleet-figures.ts';
import { compareNames } from '../fleet/order.ts';

/** A unit with what makes it worth a look. */
export interface Ranked extends Worst {
  readonly row: FleetRow;
}

/** The worst first: lost, late, online by what is hottest or fullest, and last what has said goodbye. */
export function ranked(rows: Iterable<FleetRow>, nowMs: number): readonly Ranked[] {
  return Array.from(rows, (row) => ({ row, ...worstOf(row, nowMs) })).toSorted(
    (one, other) => compareWorst(one, other) || compareNames(one.row, other.row),
  );
}

/** Whether nobody needs to look at it: it is there, or said goodbye, and nothing of it is hot or full. */
export function isFine({ row: { state }, urgency }: Ranked): boolean {
  return state === 'disconnected' || (state === 'online' && urgency < 1);
}
