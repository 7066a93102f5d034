import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import './charts.css';
import { ChartCard } from './chart-card.tsx';
import { chartGroups } from './chart-group.ts';
import { isChosen } from './chosen-lines.ts';
import { EventTrack } from './event-track.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { RangeControls } from './range-controls.tsx';
import { rangeForKey } from './range-keys.ts';
import type { UnitModel } from './unit-model.ts';

/** The charts of a unit over one range, with what changes it. */
export function Charts({ model }: { readonly model: UnitModel }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      // A chart stands in a card.
      model.widthPx.value = Math.max(200, Math.floor(element.clientWidth) - cardPx);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [model]);
  const groups = useComputed(() =>
    chartGroups(model.history.lines.value.filter(({ key }) => isChosen(key, model.chosen.value))),
  ).value;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (model.fixed || event.ctrlKey || event.metaKey || event.altKey || hasOwnKeys(event.target)) return;
    const range = rangeForKey(event.key, model.range.peek(), model.nowMs());
    if (range === undefined) return;
    event.preventDefault();
    model.show(range);
  };
  return (
    <section aria-labelledby={headId} onKeyDown={onKeyDown}>
      <h2 id={headId} class="visually-hidden">
        Charts
      </h2>
      <RangeControls model={model} />
      <AskingNotice model={model} />
      <div
        class="unit-charts"
        ref={place}
        role="group"
        tabIndex={0}
        aria-label={model.fixed ? 'Charts' : 'Charts: arrows left and right move them, plus and minus zoom'}
      >
        <EventTrack model={model} />
        {groups.map((group) => (
          <ChartCard key={group.key} model={model} group={group} />
        ))}
        {groups.length === 0 && model.history.asking.value.name === 'answered' && (
          <p class="notice">Nothing was measured in this time{model.fixed ? '.' : ', or all of it is switched off.'}</p>
        )}
      </div>
      {groups.length > 0 && <ExportButtons model={model} groups={groups} />}
    </section>
  );
}

const headId = 'unit-charts-head';
/** Both sides of it: 12 px and a line. */
const cardPx = 26;

/** Fields take letters, and what scrolls takes arrows. */
function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, dialog, .unit-scroll') !== null;
}

function AskingNotice({ model }: { readonly model: UnitModel }): JSX.Element | null {
  const asking = model.history.asking.value;
  if (asking.name !== 'failed') return null;
  const again = asking.retryMs === undefined ? '' : ` It is tried again in ${Math.ceil(asking.retryMs / 1_000)} s.`;
  return (
    <p class="notice bad" role="alert">
      {model.fixed ? '' : 'The charts could not be brought up to date: '}
      {asking.detail}
      {again}{' '}
      {!model.fixed && (
        <button type="button" onClick={() => model.askAgain()}>
          Try again
        </button>
      )}
    </p>
  );
}
