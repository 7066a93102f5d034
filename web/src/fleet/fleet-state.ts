import { computed, signal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { address, goQuery } from '../shell/address.ts';
import { source } from '../source.ts';
import { sortAfterClick, sortOf, textOfSort, type SortKey } from './columns.ts';
import { nothingChosen, type Selection } from './selection.ts';
import type { Wish } from './shown.ts';
import { ShownFleet } from './shown-fleet.ts';
import { Trails } from './trails.ts';

/** What the address asks of the fleet's view, as text: so that it changes only when it says something else. */
const asked = computed(() => {
  const { query } = address.value;
  return JSON.stringify([query.get('q') ?? '', query.get('sort') ?? '', query.get('group') ?? '']);
});

export const wish = computed<Wish>(() => {
  void asked.value;
  const { query } = address.peek();
  const group = query.get('group') ?? '';
  return { filter: query.get('q') ?? '', sort: sortOf(query.get('sort')), group: group === '' ? undefined : group };
});

export const shownFleet = new ShownFleet({ fleet, wish });

export const trails = new Trails({ ask: (ids) => source.trails(ids), nowMs: () => performance.now() });

/** Chosen for a change of interval or tags. */
export const selection = signal<Selection>(nothingChosen);

/** The unit that the arrow keys are at. */
export const active = signal<string | undefined>(undefined);

export function filterBy(filter: string): void {
  goQuery({ q: filter });
}

export function sortBy(key: SortKey): void {
  goQuery({ sort: textOfSort(sortAfterClick(wish.peek().sort, key)) });
}

export function groupBy(group: string): void {
  goQuery({ group });
}
