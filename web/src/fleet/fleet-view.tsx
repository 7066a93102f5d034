import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { fleet } from '../live/fleet.ts';
import { FirstStart } from '../server/first-start.tsx';
import { FleetGrid } from './fleet-grid.tsx';
import { filterBy, selection, shownFleet } from './fleet-state.ts';
import { FleetTools } from './fleet-tools.tsx';
import { withoutGone } from './selection.ts';
import './fleet.css';

/** All units, a line each. */
export function FleetView(): JSX.Element {
  useEffect(() => shownFleet.follow(), []);
  // Units come and go.
  void fleet.structure.value;
  useEffect(() => {
    selection.value = withoutGone(selection.peek(), fleet.rows);
  });
  if (!fleet.filled.value) return <p class="shell-wait">Waiting for the fleet …</p>;
  if (fleet.rows.size === 0)
    return (
      <div class="shell-page">
        <FirstStart />
      </div>
    );
  const isEmpty = shownFleet.shown.value.ids.length === 0;
  return (
    <div class="fleet">
      <h1 class="visually-hidden">Fleet</h1>
      <FleetTools />
      <FleetGrid />
      {isEmpty && (
        <p class="fleet-empty">
          No unit matches the filter.{' '}
          <button type="button" onClick={() => filterBy('')}>
            Show all
          </button>
        </p>
      )}
    </div>
  );
}
