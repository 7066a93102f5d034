import { go, hrefOf } from '../shell/address.ts';
import { may } from '../shell/who.ts';
import { choose } from './fleet-line.tsx';
import { active, shownFleet } from './fleet-state.ts';
import { scrollTo } from './window.ts';

/** The keys of the table: arrows, Page, Home and End move, Enter opens the unit, Space chooses it, Escape lets go. */
export function moveByKey(
  event: KeyboardEvent,
  { lineHeight, covered }: { readonly lineHeight: number; readonly covered: number },
): void {
  const { currentTarget: grid, target, key, shiftKey } = event;
  // A key in a heading or a box is theirs.
  if (!(grid instanceof HTMLElement) || target !== grid || event.ctrlKey || event.metaKey || event.altKey) return;
  const { ids, lines } = shownFleet.shown.peek();
  const clientId = active.peek();
  const at = clientId === undefined ? -1 : ids.indexOf(clientId);
  const next = nextIndex(key, at, { last: ids.length - 1, page: Math.floor(grid.clientHeight / lineHeight) - 1 });
  if (next !== undefined) {
    const id = ids[next];
    active.value = id;
    const index = lines.findIndex((line) => line.type === 'unit' && line.clientId === id);
    const view = { lineHeight, top: grid.scrollTop, height: grid.clientHeight, covered };
    if (index >= 0) grid.scrollTop = scrollTo(index, view);
  } else if (key === 'Escape') active.value = undefined;
  else if (clientId !== undefined && key === 'Enter') go(hrefOf(['units', clientId]));
  else if (clientId !== undefined && key === ' ' && may('operate')) choose(clientId, shiftKey);
  else return;
  event.preventDefault();
}

function nextIndex(
  key: string,
  at: number,
  { last, page }: { readonly last: number; readonly page: number },
): number | undefined {
  if (last < 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, Math.max(0, at) + page);
    case 'PageUp':
      return Math.max(0, at - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
