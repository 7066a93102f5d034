import type { JSX } from 'preact';
import type { FleetRow } from '../../../src/api/contract.ts';
import { count } from '../format/quantities.ts';
import { clockWords } from '../format/times.ts';
import { intervalSentence, intervalWords } from '../interval/interval-words.ts';
import { second } from '../live/second.ts';
import { hrefOf } from '../shell/address.ts';
import { Ago } from '../ui/ago.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { tagWord } from './filter.ts';
import { filterBy, selection, shownFleet, trails, wish } from './fleet-state.ts';
import { kinds } from '../../../src/api/levels.ts';
import { MeasuredCell } from './measured-cell.tsx';
import { toggled } from './selection.ts';

interface FleetLineProps {
  readonly row: FleetRow;
  /** Its place among the lines, from 0. */
  readonly index: number;
  readonly top: string;
  readonly isActive: boolean;
  /** Undefined: whoever looks may choose nothing. */
  readonly isChosen: boolean | undefined;
}

/** A unit in the fleet. It is drawn again when its row is another, and each second, since values grow old. */
export function FleetLine({ row, index, top, isActive, isChosen }: FleetLineProps): JSX.Element {
  const nowMs = second.value;
  // Read for its signal: spark lines have come.
  void trails.version.value;
  const { client_id: clientId, name, state, tags, interval, clock_offset_ms: offsetMs, values } = row;
  const trail = trails.of(clientId);
  trail?.extend(row);
  const backlog = values[10];
  return (
    <div
      role="row"
      id={`fleet-${clientId}`}
      class={`fleet-line${isActive ? ' fleet-active' : ''}`}
      style={{ top }}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
    >
      {isChosen !== undefined && (
        <div role="gridcell" class="fleet-check">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Choose ${name}`}
            checked={isChosen}
            onClick={(event) => choose(clientId, event.shiftKey)}
          />
        </div>
      )}
      <div role="gridcell" class="fleet-state">
        <StateBadge state={state} />
      </div>
      <div role="gridcell" class="fleet-name">
        <a href={hrefOf(['units', clientId])} tabIndex={-1} title={`${name}\n${row.ip}\n${clientId}`}>
          {name}
        </a>
        {Object.entries(tags).map(([tag, value]) => (
          <button
            key={tag}
            type="button"
            tabIndex={-1}
            class="fleet-tag"
            title={`Show only units with ${tag}=${value}`}
            onClick={() => addWord(tagWord(tag, value))}
          >
            {tag}={value}
          </button>
        ))}
      </div>
      {kinds.map((kind) => (
        <MeasuredCell key={kind} row={row} kind={kind} nowMs={nowMs} path={trail?.path(kind, nowMs) ?? ''} />
      ))}
      <div role="gridcell" class={`fleet-interval fleet-${interval.state}`} title={intervalSentence(interval)}>
        {intervalWords(interval)}
      </div>
      <div role="gridcell" class="fleet-clock">
        <ClockOffset offsetMs={offsetMs} />
      </div>
      <div role="gridcell" class={`fleet-seen${state === 'online' ? '' : ' old'}`}>
        <Ago ms={values[1]} />
      </div>
      <div role="gridcell" class={`fleet-backlog${backlog === null || backlog === 0 ? ' quiet' : ''}`}>
        {backlog === null ? '–' : count(backlog)}
      </div>
    </div>
  );
}

function ClockOffset({ offsetMs }: { readonly offsetMs: number | null }): JSX.Element {
  if (offsetMs === null || Math.abs(offsetMs) <= 2_000)
    return (
      <span class="quiet" title={offsetMs === null ? 'Not measured yet' : 'Within 2 s of the server’s clock'}>
        {offsetMs === null ? '–' : 'ok'}
      </span>
    );
  return (
    <span class="fleet-high" title={`Its clock is ${offsetMs > 0 ? 'ahead of' : 'behind'} the server’s.`}>
      {clockWords(offsetMs)}
    </span>
  );
}

export function choose(clientId: string, shift: boolean): void {
  selection.value = toggled(selection.peek(), clientId, { shift, shown: shownFleet.shown.peek().ids });
}

function addWord(word: string): void {
  const { filter } = wish.peek();
  if (!filter.includes(word)) filterBy(`${filter} ${word}`.trim());
}
