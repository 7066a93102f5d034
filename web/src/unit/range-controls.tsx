import type { JSX } from 'preact';
import { duration } from '../format/times.ts';
import { When } from '../ui/when.tsx';
import { moveParts, zoomFactor } from './range-keys.ts';
import type { UnitModel } from './unit-model.ts';
import { movedBy, presets, scaledBy } from './view-range.ts';

/** How long, and up to when. */
export function RangeControls({ model }: { readonly model: UnitModel }): JSX.Element {
  const { fromMs, toMs } = model.span.value;
  const shown = model.history.shown.value;
  return (
    <div class="unit-controls">
      {!model.fixed && <RangeButtons model={model} />}
      <p class="unit-span">
        <When ms={fromMs} /> – <When ms={toMs} />
        {shown !== undefined && <span class="quiet"> · a point stands for {duration(shown.step)}</span>}
        {model.history.asking.value.name === 'asking' && (
          <span class="quiet" role="status">
            {' '}
            · asking the server …
          </span>
        )}
      </p>
    </div>
  );
}

function RangeButtons({ model }: { readonly model: UnitModel }): JSX.Element {
  const range = model.range.value;
  const move = (part: number) => () => model.show(movedBy(range, part, model.nowMs()));
  const zoom = (factor: number) => () => model.show(scaledBy(range, factor, model.nowMs()));
  return (
    <>
      <div class="unit-buttons" role="group" aria-label="Length of time">
        {presets.map(({ word, label, lengthMs }) => (
          <button
            type="button"
            key={word}
            aria-pressed={range.lengthMs === lengthMs}
            onClick={() => model.show({ lengthMs, endMs: range.endMs })}
          >
            {label}
          </button>
        ))}
      </div>
      <div class="unit-buttons" role="group" aria-label="Move and zoom">
        <button type="button" aria-label="Earlier" title="Earlier (left arrow)" onClick={move(-moveParts)}>
          ←
        </button>
        <button
          type="button"
          aria-label="Later"
          title="Later (right arrow)"
          disabled={range.endMs === undefined}
          onClick={move(moveParts)}
        >
          →
        </button>
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={zoom(1 / zoomFactor)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={zoom(zoomFactor)}>
          −
        </button>
        <button
          type="button"
          aria-pressed={range.endMs === undefined}
          title="Follow what is measured (End)"
          onClick={() => model.show({ lengthMs: range.lengthMs, endMs: undefined })}
        >
          Now
        </button>
        <button type="button" disabled={model.earlier.value.length === 0} onClick={() => model.back()}>
          Back
        </button>
      </div>
    </>
  );
}
