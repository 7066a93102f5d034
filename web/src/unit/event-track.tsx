import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { When } from '../ui/when.tsx';
import { detailWords, eventWords } from './event-words.ts';
import { marksOf, type Mark } from './track-marks.ts';
import { offsetOf } from './unit-event.ts';
import type { UnitModel } from './unit-model.ts';
import { chartInsets } from './chart-options.ts';

/** What happened, over the charts and in line with them. The list below says the same to whoever reads by keyboard or ear. */
export function EventTrack({ model }: { readonly model: UnitModel }): JSX.Element {
  const hovered = useSignal<Mark | undefined>(undefined);
  const widthPx = model.widthPx.value - chartInsets.left - chartInsets.right;
  const offsetMs = offsetOf(model.row.value?.clock_offset_ms);
  const marks = marksOf(model.events.value, { span: model.span.value, offsetMs, widthPx });
  const shown = hovered.value;
  return (
    <div class="unit-track" aria-hidden="true">
      <span class="quiet unit-track-name">Events</span>
      {marks.map((mark) => (
        <span
          key={mark.leftPx}
          class={`unit-mark unit-mark-${mark.weight}`}
          style={{ left: `${chartInsets.left + mark.leftPx}px` }}
          onPointerEnter={() => (hovered.value = mark)}
          onPointerLeave={() => (hovered.value = undefined)}
        >
          {mark.events.length > 1 ? mark.events.length : ''}
        </span>
      ))}
      {shown !== undefined && (
        <div class={shown.leftPx < widthPx / 2 ? 'unit-track-tip' : 'unit-track-tip unit-track-tip-end'}>
          {shown.events.slice(-tipEventsMax).map((event) => (
            <p key={`${event.timeMs} ${event.event}`}>
              <When ms={event.timeMs} /> <strong>{eventWords(event)}</strong>{' '}
              <span class="quiet">{detailWords(event)}</span>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

const tipEventsMax = 6;
