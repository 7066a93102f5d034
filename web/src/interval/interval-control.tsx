import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { may } from '../shell/who.ts';
import { IntervalDialog } from './interval-dialog.tsx';
import { intervalSentence, intervalWords } from './interval-words.ts';

/** The interval of a unit, wanted and confirmed, as it changes; with a button to set it, for those who may. */
export function IntervalControl({ clientId }: { readonly clientId: string }): JSX.Element | null {
  const isOpen = useSignal(false);
  // Read for its signal: the rows are in a map.
  void fleet.structure.value;
  const row = fleet.rows.get(clientId);
  if (row === undefined) return null;
  return (
    <span class="interval-control">
      <span class={`interval-${row.interval.state}`} title={intervalSentence(row.interval)} role="status">
        {intervalWords(row.interval)}
      </span>
      {may('operate') && (
        <button
          type="button"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          Set interval …
        </button>
      )}
      {isOpen.value && (
        <IntervalDialog
          units={[clientId]}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </span>
  );
}
