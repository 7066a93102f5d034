import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { count } from '../format/quantities.ts';
import { ago, duration } from '../format/times.ts';
import { IntervalControl } from '../interval/interval-control.tsx';
import { ageMs } from '../../../src/core/freshness.ts';
import { second } from '../live/second.ts';
import { hrefOf } from '../shell/address.ts';
import { snapshot } from '../source.ts';
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
          <code>{clientId}</code> <CopyButton text={clientId} />
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

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const outcome = useSignal<'none' | 'done' | 'failed'>('none');
  const copy = (): void => {
    // Browsers have no clipboard for pages that came without TLS from another machine.
    const written =
      (navigator.clipboard as Clipboard | undefined)?.writeText(text) ?? Promise.reject(new Error('none'));
    written.then(
      () => (outcome.value = 'done'),
      () => (outcome.value = 'failed'),
    );
  };
  return (
    <button type="button" class="unit-small" onClick={copy}>
      <span aria-live="polite">{outcomes[outcome.value]}</span>
    </button>
  );
}

const outcomes = { none: 'Copy', done: 'Copied', failed: 'Select it to copy' } as const;

function offsetWords(offsetMs: number | null): string {
  if (offsetMs === null) return 'not measured yet';
  if (offsetMs === 0) return 'right';
  return `${duration(Math.abs(offsetMs) / 1_000)} ${offsetMs > 0 ? 'ahead' : 'behind'}`;
}
