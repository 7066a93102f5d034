import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { anyValue } from '../format/quantities.ts';
import { When } from '../ui/when.tsx';
import type { ChartGroup } from './chart-group.ts';
import { tableOf, tableRowsMax } from './table-rows.ts';
import type { TimeSpan } from './view-range.ts';

/** The numbers of a chart, for whoever would rather read. It is made when somebody opens it. */
export function ChartTable({ group, span }: { readonly group: ChartGroup; readonly span: TimeSpan }): JSX.Element {
  const open = useSignal(false);
  return (
    <details class="unit-details" onToggle={({ currentTarget }) => (open.value = currentTarget.open)}>
      <summary>Show as a table</summary>
      {open.value && <Rows group={group} span={span} />}
    </details>
  );
}

function Rows({ group, span }: { readonly group: ChartGroup; readonly span: TimeSpan }): JSX.Element {
  const { rows, left } = tableOf(group.lines, span);
  return (
    <>
      <div class="unit-scroll" tabIndex={0} role="region" aria-label={`${group.title} as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {group.lines.map(({ key, label }) => (
                <th scope="col" class="number" key={key}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ timeMs, values }) => (
              <tr key={timeMs}>
                <td>
                  <When ms={timeMs} />
                </td>
                {values.map((value, index) => (
                  <td class="number" key={group.lines[index]?.key}>
                    {value === undefined ? '–' : anyValue(group.lines[index]?.name ?? '', value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <p class="quiet">
          The newest {tableRowsMax} rows; {left} earlier ones are in the CSV.
        </p>
      )}
    </>
  );
}
