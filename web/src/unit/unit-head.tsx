import type { ComponentChildren, JSX } from 'preact';
import { count } from '../format/quantities.ts';
import { ago, duration } from '../format/times.ts';
import { IntervalControl } from '../interval/interval-control.tsx';
import { ageMs } from '../../../src/core/freshness.ts';
import { second } from '../live/second.ts';
import { hrefOf } from '../shell/address.ts';
import { snapshot } from '../source.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { When } from '../ui/when.tsx';
import type { UnitModel } from './unit-model.ts';

/** Who the unit is, and how it stands with it. */
export function UnitHead({ model }: { readonly model: UnitModel }): JSX.Element {
  const { clientId } = model;
  const row = model.row.value;
  if (row === undefined)
    return (
      <header class="unit-head">
        <a href={hrefOf([])}>← Fleet</a>
        <h1>{clientId}</h1>
      </header>
    );
  const { name, state, tags, ip, v, registered, clock_offset_ms: offset, values } = row;
  const [, lastSeenMs] = values;
  const backlog = values[10];
  return (
    <header class="unit-head">
      <a href={hrefOf([])}>← Fleet</a>
      <div class="unit-name">
        <h1>{name}</h1>
        <StateBadge state={state} />
        {Object.entries(tags).map(([tag, value]) => (
          <span class="unit-tag" key={tag}>
            {tag}={value}
          </span>
        ))}
      </div>
      <dl class="unit-facts">
        <Fact name="client_id">
          <span class="unit-id">
            <code id="unit-client-id">{clientId}</code>
            <CopyButton text={clientId} what="the client_id" of="unit-client-id" />
          </span>
        </Fact>
        <Fact name="Address">{ip}</Fact>
        <Fact name="Protocol">version {v}</Fact>
        <Fact name="Registered">
          <When ms={Date.parse(registered)} />
        </Fact>
        <Fact name="Last seen">
          <span class={state === 'online' ? '' : 'old'}>
            <When ms={lastSeenMs}>{ago(ageMs({ clock_offset_ms: 0 }, lastSeenMs, second.value))}</When>
          </span>
        </Fact>
        <Fact name="Clock">{offsetWords(offset)}</Fact>
        <Fact name="In its spool">{backlog === null ? 'not told' : `${count(backlog)} readings`}</Fact>
        {snapshot === undefined && (
          <Fact name="Interval">
            <IntervalControl clientId={clientId} />
          </Fact>
        )}
      </dl>
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function offsetWords(offsetMs: number | null): string {
  if (offsetMs === null) return 'not measured yet';
  if (offsetMs === 0) return 'right';
  return `${duration(Math.abs(offsetMs) / 1_000)} ${offsetMs > 0 ? 'ahead' : 'behind'}`;
}
