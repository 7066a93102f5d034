import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { states } from '../fleet/filter.ts';
import { FirstStart } from '../server/first-start.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { useSize } from '../ui/use-size.ts';
import { FullScreenButton } from './full-screen-button.tsx';
import { WallCard } from './wall-card.tsx';
import { wallGap, wallLayout } from './wall-layout.ts';
import { isFine, ranked, type Ranked } from './wall-rank.ts';
import './wall.css';

/** Cards that change places more often cannot be followed. */
const rankEveryMs = 2_000;

/** The fleet for a screen across the room: cards, the worst first, as many as can be read. */
export function WallView(): JSX.Element {
  const all = useRanked();
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(place).value;
  if (fleet.filled.value && fleet.rows.size === 0)
    return (
      <div class="shell-page">
        <FirstStart />
      </div>
    );
  const layout = wallLayout({ width, height, count: all.length });
  const shown = all.slice(0, width === 0 ? 0 : layout.columns * layout.rows);
  return (
    <div class="wall">
      <div class="wall-head">
        <h1 class="visually-hidden">Wall</h1>
        {states.map((state) => (
          <span key={state} class="wall-count">
            <strong>{count(all.filter(({ row }) => row.state === state).length)}</strong> <StateBadge state={state} />
          </span>
        ))}
        <Rest rest={all.slice(shown.length)} />
        <FullScreenButton />
      </div>
      <div class="wall-place" ref={place}>
        <ul
          class="wall-cards"
          aria-label="Units, the worst first"
          style={{
            gridTemplateColumns: `repeat(${layout.columns}, ${layout.width}px)`,
            gridAutoRows: `${layout.height}px`,
            gap: `${wallGap}px`,
          }}
        >
          {shown.map((one) => (
            <WallCard key={one.row.client_id} ranked={one} />
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What is not shown: whether anybody has to look further. */
function Rest({ rest }: { readonly rest: readonly Ranked[] }): JSX.Element | null {
  if (rest.length === 0) return null;
  const fine = rest.filter(isFine).length;
  const worse = rest.length - fine;
  return (
    <span class="wall-rest">
      {worse > 0 && <strong class="wall-rest-worse">and {count(worse)} more to look at</strong>}
      {fine > 0 && <span>and {count(fine)} more are fine</span>}
    </span>
  );
}

/** All units, the worst first: ranked again every two seconds, and at once when one comes, goes or changes its state. */
function useRanked(): readonly Ranked[] {
  const order = useSignal<readonly Ranked[]>([]);
  const rank = (): void => {
    order.value = ranked(fleet.rows.values(), fleet.nowMs());
  };
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) rank();
    }, rankEveryMs);
    return () => clearInterval(timer);
  }, []);
  const structure = fleet.structure.value;
  useEffect(rank, [structure]);
  return order.value;
}
