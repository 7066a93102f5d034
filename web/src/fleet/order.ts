import type { FleetRow } from '../../../src/api/contract.ts';
import { unreachable } from '../../../src/core/assert.ts';
import type { Sort, SortKey } from './columns.ts';
import { freshOf, measuredOf, stateRank } from '../../../src/api/fleet-figures.ts';

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export function compareNames(one: Pick<FleetRow, 'name'>, other: Pick<FleetRow, 'name'>): number {
  return names.compare(one.name, other.name);
}

/** What a row is sorted by. Of `class` 0 are values that count, then old ones, then none at all, whichever way the sort goes. */
interface Key {
  readonly row: FleetRow;
  readonly class: 0 | 1 | 2;
  readonly value: number;
}

/** Rows that are by name already, in another order. Equal ones stay by name. Old values come after those that count, and what is not known is last, whichever way the sort goes. */
export function orderOf(rows: readonly FleetRow[], { key, falls }: Sort, nowMs: number): readonly FleetRow[] {
  if (key === 'name') return falls ? rows.toReversed() : rows;
  const sign = falls ? -1 : 1;
  return rows
    .map((row) => keyOf(row, key, nowMs))
    .toSorted((one, other) => one.class - other.class || sign * (one.value - other.value))
    .map(({ row }) => row);
}

function keyOf(row: FleetRow, key: SortKey, nowMs: number): Key {
  const known = (value: number | null): Key => ({ row, class: value === null ? 2 : 0, value: value ?? 0 });
  switch (key) {
    case 'state':
      return known(stateRank[row.state]);
    case 'interval':
      return known(row.interval.wanted);
    case 'clock':
      return known(row.clock_offset_ms === null ? null : Math.abs(row.clock_offset_ms));
    case 'seen':
      return known(row.values[1]);
    case 'backlog':
      return known(row.values[10]);
    case 'cpu_temp':
    case 'ram':
    case 'disk':
    case 'cpu': {
      const fresh = freshOf(row, key, nowMs);
      if (fresh !== undefined) return { row, class: 0, value: fresh.value };
      const old = measuredOf(row, key);
      return old === undefined ? { row, class: 2, value: 0 } : { row, class: 1, value: old.value };
    }
    case 'name':
      return known(0);
    default:
      return unreachable(key);
  }
}
