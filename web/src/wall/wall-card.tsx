import type { JSX } from 'preact';
import { kinds, levelOf, wordOf, type Kind } from '../../../src/api/levels.ts';
import { freshOf, measuredOf } from '../../../src/api/fleet-figures.ts';
import { celsius, ratio } from '../format/quantities.ts';
import { ago } from '../format/times.ts';
import { second } from '../live/second.ts';
import { hrefOf } from '../shell/address.ts';
import { StateBadge } from '../ui/state-badge.tsx';
import { isFine, type Ranked } from './wall-rank.ts';

const words: Readonly<Record<Kind, string>> = { cpu_temp: 'CPU', ram: 'RAM', disk: 'disk', cpu: 'load' };

/** A unit as it is read across a room: what it is, how it is, and in large type what is worst of it. */
export function WallCard({ ranked }: { readonly ranked: Ranked }): JSX.Element {
  const nowMs = second.value;
  const { row, worst } = ranked;
  const fresh = worst === undefined ? undefined : freshOf(row, worst, nowMs);
  const level = worst === undefined || fresh === undefined ? 'fine' : levelOf(worst, fresh.value);
  return (
    <li class={`wall-card wall-${row.state} wall-${level}${isFine(ranked) ? '' : ' wall-look'}`}>
      <a class="wall-name" href={hrefOf(['units', row.client_id])}>
        {row.name}
      </a>
      {fresh === undefined || worst === undefined ? (
        <span class="wall-value wall-away">
          {row.state === 'online' ? 'no fresh value' : `seen ${ago(nowMs - row.values[1])}`}
        </span>
      ) : (
        <span class="wall-value">
          {textOf(worst, fresh.value)}
          <span class="wall-word">
            {words[worst]}
            {level !== 'fine' && ` ${wordOf(worst, level)}`}
          </span>
        </span>
      )}
      <span class="wall-foot">
        <StateBadge state={row.state} />
        <span class="wall-others">
          {kinds.map((kind) => {
            const measured = kind === worst ? undefined : measuredOf(row, kind);
            if (measured === undefined || freshOf(row, kind, nowMs) === undefined) return null;
            return (
              <span key={kind}>
                {words[kind]} {textOf(kind, measured.value)}
              </span>
            );
          })}
        </span>
      </span>
    </li>
  );
}

function textOf(kind: Kind, value: number): string {
  return kind === 'cpu_temp' ? celsius(value) : ratio(value);
}
