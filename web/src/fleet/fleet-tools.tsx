import type { JSX } from 'preact';
import { useComputed } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { goQuery } from '../shell/address.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { columns, textOfSort, type SortKey } from './columns.ts';
import { FilterBox } from './filter-box.tsx';
import { groupBy, shownFleet, sortBy, wish } from './fleet-state.ts';
import { tagNamesOf } from './groups.ts';
import { StateFilters } from './state-filters.tsx';

/** What the fleet is filtered, grouped and, where there is no room for headings, sorted by. */
export function FleetTools(): JSX.Element {
  const tagNames = useComputed(() => {
    void fleet.structure.value;
    // As text: it changes only where the names do.
    return tagNamesOf(fleet.rows.values()).join('\n');
  });
  const names = tagNames.value === '' ? [] : tagNames.value.split('\n');
  const { group, sort, filter } = wish.value;
  const shown = shownFleet.shown.value.ids.length;
  return (
    <div class="fleet-tools" role="search" aria-label="Units">
      <StateFilters />
      <FilterBox />
      {names.length > 0 && (
        <label class="fleet-choice">
          Group
          <select value={group ?? ''} onChange={(event) => groupBy(event.currentTarget.value)}>
            <option value="">no</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="fleet-choice fleet-sort">
        Sort
        <select
          value={sort.key}
          onChange={(event) => sortBy(columns.find(({ key }) => key === event.currentTarget.value)?.key ?? 'name')}
        >
          {columns.map(({ key, word }) => (
            <option key={key} value={key}>
              {word}
            </option>
          ))}
        </select>
        <button
          type="button"
          aria-label={sort.falls ? 'The largest first. Turn around' : 'The smallest first. Turn around'}
          onClick={() => turn(sort.key, !sort.falls)}
        >
          {sort.falls ? '↓' : '↑'}
        </button>
      </label>
      <ChosenBar />
      <span class="visually-hidden" role="status">
        {filter === '' ? '' : `${count(shown)} units match`}
      </span>
    </div>
  );
}

function turn(key: SortKey, falls: boolean): void {
  goQuery({ sort: textOfSort({ key, falls }) });
}
