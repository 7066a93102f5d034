import type { JSX } from 'preact';
import { absenceHelp, choiceWords } from './choice-words.ts';
import type { UnitModel } from './unit-model.ts';

/** Which sensor stands for the CPU's temperature, and why; or what helps where none does. */
export function SensorChoice({ model }: { readonly model: UnitModel }): JSX.Element | null {
  const readings = model.latest.value;
  if (readings.length === 0) return null;
  const chosen = readings.filter((reading) => reading['sensor'] === 'cpu_temp');
  return (
    <section class="card">
      <h2>The CPU's thermometer</h2>
      {chosen.map((reading) => (
        <p key={reading['id']}>{choiceWords({ id: textOf(reading['id']), source: textOf(reading['source']) })}</p>
      ))}
      {chosen.length === 0 && (
        <>
          <p>This machine has none that can be read. What helps:</p>
          <dl class="unit-help">
            {absenceHelp.map(([machine, help]) => (
              <div key={machine}>
                <dt>{machine}</dt>
                <dd>{help}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function textOf(value: string | number | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
