import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { second } from '../live/second.ts';
import { When } from '../ui/when.tsx';
import { detailWords, eventWords, weightOf } from './event-words.ts';
import type { GapSpan } from './gap-span.ts';
import { gapWords } from './gap-words.ts';
import type { UnitModel } from './unit-model.ts';

const shownFirst = 20;

/** What happened in the range, and what is missing of it: the newest first. */
export function EventList({ model }: { readonly model: UnitModel }): JSX.Element {
  const all = useSignal(false);
  const events = model.events.value.toReversed();
  const gaps = model.history.gaps.value.toReversed();
  const shown = all.value ? events : events.slice(0, shownFirst);
  return (
    <section class="card unit-events">
      <h2>Events</h2>
      {events.length === 0 && <p class="quiet">Nothing happened to it in this time.</p>}
      <ul>
        {shown.map((event) => (
          <li key={`${event.timeMs} ${event.event}`}>
            <When ms={event.timeMs} /> <strong class={`unit-weight-${weightOf(event)}`}>{eventWords(event)}</strong>{' '}
            <span class="quiet">{detailWords(event)}</span>
          </li>
        ))}
      </ul>
      {events.length > shown.length && (
        <button type="button" onClick={() => (all.value = true)}>
          All {events.length}
        </button>
      )}
      <h2>Gaps</h2>
      {gaps.length === 0 ? (
        <p class="quiet">No readings of this time are missing.</p>
      ) : (
        <ul>
          {gaps.slice(0, shownFirst).map((gap) => (
            <li key={`${gap.fromMs} ${gap.reason} ${gap.sensor ?? ''} ${gap.id ?? ''}`}>
              <When ms={gap.fromMs} /> <GapWords model={model} gap={gap} />
            </li>
          ))}
        </ul>
      )}
      {gaps.length > shownFirst && <p class="quiet">And {gaps.length - shownFirst} earlier ones.</p>}
    </section>
  );
}

/** One that lasts grows, and its words with it. */
function GapWords({ model, gap }: { readonly model: UnitModel; readonly gap: GapSpan }): JSX.Element {
  if (gap.toMs === Number.POSITIVE_INFINITY) void second.value;
  return <>{gapWords(gap, model.nowMs())}</>;
}
