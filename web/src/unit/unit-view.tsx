import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { watchUnit } from '../live/watch-unit.ts';
import { hrefOf } from '../shell/address.ts';
import { watchTheme } from './chart-theme.ts';
import { Charts } from './charts.tsx';
import { EventList } from './event-list.tsx';
import { LatestReadings } from './latest-readings.tsx';
import { SensorChoice } from './sensor-choice.tsx';
import './unit.css';
import { UnitHead } from './unit-head.tsx';
import { openUnit } from './unit-model.ts';

/** One unit: what it is, what it has measured, and what happened to it. */
export function UnitView({ clientId }: { readonly clientId: string }): JSX.Element {
  const model = useMemo(() => openUnit(clientId), [clientId]);
  useEffect(() => {
    watchUnit(clientId);
    const stopTheme = watchTheme();
    return () => {
      model.close();
      stopTheme();
      watchUnit(undefined);
    };
  }, [model]);
  const asking = model.history.asking.value;
  if (asking.name === 'failed' && asking.problem === 'no-such-unit')
    return (
      <p class="notice bad">
        There is no unit {clientId}. It may have been forgotten, or the link is not whole.{' '}
        <a href={hrefOf([])}>To the fleet</a>
      </p>
    );
  return (
    <div class="unit">
      <UnitHead model={model} />
      <Charts model={model} />
      <div class="unit-below">
        <LatestReadings model={model} />
        <SensorChoice model={model} />
        <EventList model={model} />
      </div>
    </div>
  );
}
