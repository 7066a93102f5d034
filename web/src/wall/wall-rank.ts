import type { FleetRow } from '../../../src/api/contract.ts';
import { kinds, urgencyOf, type Kind } from '../fleet/levels.ts';
import { freshOf } from '../fleet/measured.ts';
import { compareNames, stateRank } from '../fleet/order.ts';

/** A unit with what makes it worth a look. */
export interface Ranked {
  readonly row: FleetRow;
  /** Of its values that count, the one nearest to trouble; undefined where none counts. */
  readonly worst: Kind | undefined;
  /** 1 where its worst value begins to be high, 2 where it is critical. */
  readonly urgency: number;
}

/** The worst first: lost, late, online by what is hottest or fullest, and last what has said goodbye. */
export function ranked(rows: Iterable<FleetRow>, nowMs: number): readonly Ranked[] {
  return Array.from(rows, (row) => rankedOne(row, nowMs)).toSorted(
    (one, other) =>
      stateRank[one.row.state] - stateRank[other.row.state] ||
      // Steps, so that cards do not change places with each tenth of a degree.
      Math.round(other.urgency * 20) - Math.round(one.urgency * 20) ||
      compareNames(one.row, other.row),
  );
}

/** Whether nobody needs to look at it: it is there, or said goodbye, and nothing of it is hot or full. */
export function isFine({ row: { state }, urgency }: Ranked): boolean {
  return state === 'disconnected' || (state === 'online' && urgency < 1);
}

function rankedOne(row: FleetRow, nowMs: number): Ranked {
  let worst: Kind | undefined;
  let urgency = 0;
  for (const kind of kinds) {
    const fresh = freshOf(row, kind, nowMs);
    if (fresh === undefined) continue;
    const found = urgencyOf(kind, fresh.value);
    if (worst !== undefined && found <= urgency) continue;
    worst = kind;
    urgency = found;
  }
  return { row, worst, urgency };
}
