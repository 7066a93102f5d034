import type { FleetRow, UnitState } from '../../../src/api/contract.ts';
import type { Sort, SortKey } from './columns.ts';
import { filterOf, stateIn, withState } from './filter.ts';
import { linesOf, type Line } from './groups.ts';
import { orderOf } from './order.ts';

/** What the address asks for. */
export interface Wish {
  readonly filter: string;
  readonly sort: Sort;
  /** The name of the tag by which lines are grouped. */
  readonly group: string | undefined;
}

/** The fleet as it is shown, without the rows themselves: those are looked up when they are drawn. */
export interface Shown {
  readonly lines: readonly Line[];
  /** The units among the lines, in their order. */
  readonly ids: readonly string[];
  /** Units by state that match the filter but for its state. */
  readonly counts: Readonly<Record<UnitState, number>>;
}

export const nothingShown: Shown = { lines: [], ids: [], counts: { online: 0, late: 0, lost: 0, disconnected: 0 } };

/** `byName`: all rows, by name. */
export function shownOf(byName: readonly FleetRow[], { filter, sort, group }: Wish, nowMs: number): Shown {
  const matches = filterOf(withState(filter, undefined));
  const found = filter === '' ? byName : byName.filter((row) => matches(row));
  const counts: Record<UnitState, number> = { online: 0, late: 0, lost: 0, disconnected: 0 };
  for (const { state } of found) counts[state] += 1;
  const state = stateIn(filter);
  const rows = state === undefined ? found : found.filter((row) => row.state === state);
  const lines = linesOf(orderOf(rows, sort, nowMs), group);
  return { lines, ids: lines.flatMap((line) => (line.type === 'unit' ? [line.clientId] : [])), counts };
}

const changing: ReadonlySet<SortKey> = new Set(['cpu_temp', 'ram', 'disk', 'cpu', 'seen', 'backlog']);

/** Whether the order changes with every value, or only with what changes seldom. */
export function isByValues({ key }: Sort): boolean {
  return changing.has(key);
}
