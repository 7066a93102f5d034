import type { JSX } from 'preact';
import type { UnitState } from '../../../src/api/contract.ts';
import { fleet } from '../live/fleet.ts';

/** Shape, word and colour: none of them alone. */
const shapes: Readonly<Record<UnitState, JSX.Element>> = {
  online: <circle cx="6" cy="6" r="5" />,
  late: <path d="M6 1 11 10.5H1Z" />,
  lost: <path d="M2.5 1 6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11 1 9.5 4.5 6 1 2.5Z" />,
  disconnected: <path d="M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z" />,
};

/** While the server is away, nobody knows whether it is still so, and it looks like any other old value. */
export function StateBadge({ state }: { readonly state: UnitState }): JSX.Element {
  const isStale = fleet.link.value.name === 'stale';
  return (
    <span class={isStale ? 'state old' : `state state-${state}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {shapes[state]}
      </svg>
      {state}
    </span>
  );
}
