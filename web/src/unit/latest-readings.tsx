import type { JSX } from 'preact';
import { anyValue } from '../format/quantities.ts';
import { ago } from '../format/times.ts';
import { ageMs, isOld } from '../../../src/core/freshness.ts';
import { second } from '../live/second.ts';
import { When } from '../ui/when.tsx';
import { readingValues } from './live-lines.ts';
import type { UnitModel } from './unit-model.ts';

/** The newest reading of every series. An old one looks it. */
export function LatestReadings({ model }: { readonly model: UnitModel }): JSX.Element {
  const readings = model.latest.value;
  const row = model.row.value;
  return (
    <section class="card unit-latest">
      <h2>Latest readings</h2>
      {readings.length === 0 && <p class="quiet">None is known.</p>}
      <div class="unit-scroll" tabIndex={0} role="region" aria-label="Latest readings">
        <table>
          <thead>
            <tr>
              <th scope="col">Sensor</th>
              <th scope="col">Id</th>
              <th scope="col">Values</th>
              <th scope="col">Taken</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {readings.map((reading) => {
              const takenMs = Number(reading['time']);
              const old = row === undefined || isOld(row, takenMs, second.value);
              const age = row === undefined ? undefined : ago(ageMs(row, takenMs, second.value));
              return (
                <tr key={`${String(reading['sensor'])} ${String(reading['id'])}`} class={old ? 'old' : ''}>
                  <th scope="row">{reading['sensor']}</th>
                  <td>{reading['id'] ?? '–'}</td>
                  <td>
                    {Object.entries(readingValues(reading)).map(([name, value]) => (
                      <span class="unit-value" key={name}>
                        <span class="quiet">{name}</span> {anyValue(name, value)}
                      </span>
                    ))}
                  </td>
                  <td>
                    <When ms={takenMs}>{`${age ?? ''}${old ? ', old' : ''}`}</When>
                  </td>
                  <td class="quiet">{reading['source'] ?? '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
