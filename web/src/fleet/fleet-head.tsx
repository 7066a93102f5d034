import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { columns } from './columns.ts';
import { selection, sortBy, wish } from './fleet-state.ts';
import { allToggled } from './selection.ts';

/** The headings: a click, or Enter, sorts by one, and again the other way. */
export function FleetHead({
  ids,
  canChoose,
}: {
  readonly ids: readonly string[];
  readonly canChoose: boolean;
}): JSX.Element {
  const { sort } = wish.value;
  const chosen = selection.value.ids;
  const areAll = ids.length > 0 && chosen.size >= ids.length && ids.every((id) => chosen.has(id));
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = chosen.size > 0 && !areAll;
  });
  return (
    <div role="rowgroup" class="fleet-head">
      <div role="row" class="fleet-head-line" aria-rowindex={1}>
        {canChoose && (
          <div role="columnheader" class="fleet-check">
            <input
              ref={box}
              type="checkbox"
              aria-label="Choose all units that are shown"
              checked={areAll}
              onClick={() => {
                selection.value = allToggled(selection.peek(), ids);
              }}
            />
          </div>
        )}
        {columns.map(({ key, word }) => {
          const direction = sort.falls ? 'descending' : 'ascending';
          return (
            <div
              key={key}
              role="columnheader"
              class={`fleet-head-${key}`}
              aria-sort={sort.key === key ? direction : 'none'}
            >
              <button type="button" onClick={() => sortBy(key)}>
                {word}
                <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
                  {sort.key === key && <path d={sort.falls ? 'M0 2h8L4 7Z' : 'M0 6h8L4 1Z'} />}
                </svg>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
