import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { IntervalDialog } from '../interval/interval-dialog.tsx';
import { TagsDialog } from '../interval/tags-dialog.tsx';
import { may } from '../shell/who.ts';
import { selection, shownFleet } from './fleet-state.ts';
import { nothingChosen } from './selection.ts';

/** What can be done with the units that are chosen, or with all. */
export function ChosenBar(): JSX.Element | null {
  const open = useSignal<'interval' | 'tags' | undefined>(undefined);
  if (!may('operate')) return null;
  const { ids } = selection.value;
  const chosen = [...ids];
  const shown = new Set(shownFleet.shown.value.ids);
  const hidden = chosen.filter((id) => !shown.has(id)).length;
  const close = (): void => {
    open.value = undefined;
  };
  return (
    <div class="fleet-chosen" role="group" aria-label="Change units">
      <span role="status">
        {ids.size === 0 ? '' : `${count(ids.size)} chosen${hidden > 0 ? `, ${count(hidden)} of them not shown` : ''}`}
      </span>
      <button
        type="button"
        onClick={() => {
          open.value = 'interval';
        }}
      >
        {ids.size === 0 ? 'Interval of all …' : 'Interval …'}
      </button>
      {ids.size > 0 && (
        <>
          <button
            type="button"
            onClick={() => {
              open.value = 'tags';
            }}
          >
            Tags …
          </button>
          <button
            type="button"
            onClick={() => {
              selection.value = nothingChosen;
            }}
          >
            Choose none
          </button>
        </>
      )}
      {open.value === 'interval' && (
        <IntervalDialog units={ids.size === 0 || ids.size === fleet.rows.size ? 'all' : chosen} onClose={close} />
      )}
      {open.value === 'tags' && <TagsDialog units={chosen} onClose={close} />}
    </div>
  );
}
