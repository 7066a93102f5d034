import type { JSX } from 'preact';
import { count } from '../format/quantities.ts';
import { StateBadge } from '../ui/state-badge.tsx';
import { states, stateIn, withState } from './filter.ts';
import { filterBy, shownFleet, wish } from './fleet-state.ts';

/** How many units are in which state; a click shows only those, and another all again. */
export function StateFilters(): JSX.Element {
  const { counts } = shownFleet.shown.value;
  const { filter } = wish.value;
  const chosen = stateIn(filter);
  const all = states.reduce((sum, state) => sum + counts[state], 0);
  return (
    <div class="fleet-states" role="group" aria-label="Show by state">
      <button type="button" aria-pressed={chosen === undefined} onClick={() => filterBy(withState(filter, undefined))}>
        All <strong>{count(all)}</strong>
      </button>
      {states.map((state) => (
        <button
          key={state}
          type="button"
          class={counts[state] === 0 ? 'fleet-none' : undefined}
          aria-pressed={chosen === state}
          onClick={() => filterBy(withState(filter, chosen === state ? undefined : state))}
        >
          <StateBadge state={state} /> <strong>{count(counts[state])}</strong>
        </button>
      ))}
    </div>
  );
}
