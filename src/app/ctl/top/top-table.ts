import { figureOf } from '../../../api/fleet-figures.ts';
import type { Kind } from '../../../api/levels.ts';
import type { FleetRow } from '../../../api/contract.ts';
import type { Paint } from '../colour.ts';
import { ago, intervalText, percent, shown } from '../figures.ts';
import { table } from '../table.ts';
import { stateColour } from '../units-command.ts';

const columns = [
  { title: 'UNIT', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'CPU', align: 'right' },
  { title: 'LOAD', align: 'right' },
  { title: 'RAM', align: 'right' },
  { title: 'FULLEST DISK', align: 'left' },
  { title: 'INTERVAL', align: 'left' },
  { title: 'SEEN', align: 'left' },
  { title: 'HELD', align: 'right' },
] as const;

/** The heading, and a line for each unit. What is old stands in brackets. `nowMs` is the server's clock. */
export function topTable(rows: readonly FleetRow[], nowMs: number, paint: Paint): readonly string[] {
  return table(
    columns,
    rows.map((row) => cells(row, nowMs, paint)),
  )
    .trimEnd()
    .split('\n');
}

function cells(row: FleetRow, nowMs: number, paint: Paint): readonly string[] {
  const figure = (name: Kind, text: (value: number) => string): string => {
    const found = figureOf(row, name, nowMs);
    if (found === undefined) return '-';
    return found.isOld ? paint('dim', `(${text(found.value)})`) : text(found.value);
  };
  const [, lastSeenMs] = row.values;
  return [
    shown(row.name),
    paint(stateColour(row.state), shown(row.state)),
    figure('cpu_temp', (value) => `${value.toFixed(1)} °C`),
    figure('cpu', percent),
    figure('ram', percent),
    figure('disk', (value) => `${percent(value)} ${shown(row.fullest_disk ?? '')}`.trimEnd()),
    intervalText(row.interval),
    ago(nowMs - lastSeenMs),
    held(row, paint),
  ];
}

/** How many readings its spool holds; what it held when it was heard last, where it is not there. */
function held({ state, values }: FleetRow, paint: Paint): string {
  const backlog = values[10] ?? 0;
  if (backlog === 0) return '';
  return state === 'online' ? String(backlog) : paint('dim', `(${backlog})`);
}
