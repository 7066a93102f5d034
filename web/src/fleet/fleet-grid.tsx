import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { second } from '../live/second.ts';
import { may } from '../shell/who.ts';
import { useSize } from '../ui/use-size.ts';
import { FleetHead } from './fleet-head.tsx';
import { FleetLine } from './fleet-line.tsx';
import { active, selection, shownFleet, trails } from './fleet-state.ts';
import { GroupLine } from './group-line.tsx';
import { moveByKey } from './move-by-key.ts';
import { windowOf } from './window.ts';

const marginLines = 6;
/** Scrolling by asks for no spark lines of what goes by. */
const settledMs = 120;
/** How often the spark lines that are seen are looked at for their age. */
const trailsEveryMs = 15_000;
const phone = matchMedia('(width < 760px)');
/** As in fleet.css, which gives them their heights. */
const lineHeights = { wide: 36, phone: 62, head: 36 };

/** The table of the fleet. However many units there are, only the lines that are seen are in the page. */
export function FleetGrid(): JSX.Element {
  const grid = useRef<HTMLDivElement>(null);
  const size = useSize(grid);
  const top = useSignal(0);
  const isPhone = useSignal(phone.matches);
  useEffect(() => {
    const changed = (): void => {
      isPhone.value = phone.matches;
    };
    phone.addEventListener('change', changed);
    return () => phone.removeEventListener('change', changed);
  }, []);

  const { lines, ids } = shownFleet.shown.value;
  // Read for its signal: the rows themselves are in a map.
  void fleet.version.value;
  const lineHeight = isPhone.value ? lineHeights.phone : lineHeights.wide;
  const covered = isPhone.value ? 0 : lineHeights.head;
  const height = size.value.height - covered;
  const { from, to } = windowOf({ count: lines.length, lineHeight, top: top.value, height, margin: marginLines });
  const seen = lines.slice(from, to);
  useSeenTrails(seen.flatMap((line) => (line.type === 'unit' ? [line.clientId] : [])));

  const canChoose = may('operate');
  const chosen = selection.value.ids;
  return (
    <div
      ref={grid}
      class={`fleet-grid${canChoose ? ' fleet-can-choose' : ''}`}
      role="grid"
      aria-label="Units"
      aria-rowcount={lines.length + 1}
      aria-multiselectable={canChoose ? true : undefined}
      aria-activedescendant={active.value === undefined ? undefined : `fleet-${active.value}`}
      tabIndex={0}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
      onPointerMove={() => shownFleet.hold()}
      onKeyDown={(event) => moveByKey(event, { lineHeight, covered })}
    >
      <FleetHead ids={ids} canChoose={canChoose} />
      <div role="rowgroup" class="fleet-lines" style={{ height: `${lines.length * lineHeight}px` }}>
        {seen.map((line, offset) => {
          const index = from + offset;
          const lineTop = `${index * lineHeight}px`;
          if (line.type === 'group')
            return <GroupLine key={`group ${line.value ?? ''}`} line={line} index={index} top={lineTop} />;
          const row = fleet.rows.get(line.clientId);
          if (row === undefined) return null;
          return (
            <FleetLine
              key={line.clientId}
              row={row}
              index={index}
              top={lineTop}
              isActive={active.value === line.clientId}
              isChosen={canChoose ? chosen.has(line.clientId) : undefined}
            />
          );
        })}
      </div>
    </div>
  );
}

function useSeenTrails(ids: readonly string[]): void {
  const seen = ids.join(',');
  const round = Math.floor(second.value / trailsEveryMs);
  useEffect(() => {
    const timer = setTimeout(() => void trails.want(ids), settledMs);
    return () => clearTimeout(timer);
  }, [seen, round]);
}
