import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import type { Colour, Paint } from './colour.ts';
import { painter } from './colour.ts';
import { ago, cpuCelsius, fullestDisk, intervalText, percent, ramUsed, shown } from './figures.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'UNIT', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'CPU', align: 'right' },
  { title: 'RAM', align: 'right' },
  { title: 'FULLEST DISK', align: 'left' },
  { title: 'INTERVAL', align: 'left' },
  { title: 'SEEN', align: 'left' },
] as const;

/** `telemetryctl units`. */
export async function listUnits(api: ApiClient, output: Output, json: boolean): Promise<0> {
  const { body, raw, serverMs = Date.now() } = await api.get('api/v1/units', ({ units }) => units);
  if (json) {
    await output.print(`${printableJson(raw, 2)}\n`);
    return 0;
  }
  const paint = painter(output.colour);
  await output.print(
    table(
      columns,
      body.map((unit) => row(unit, serverMs, paint)),
    ),
  );
  if (body.length === 0) output.say('no unit has registered yet; start telemetry-client --server HOST on a machine.');
  return 0;
}

function row(unit: Unit, nowMs: number, paint: Paint): readonly string[] {
  const celsius = cpuCelsius(unit);
  const disk = fullestDisk(unit);
  return [
    shown(unit.name),
    paint(stateColour(unit.state), shown(unit.state)),
    celsius === undefined ? '-' : `${celsius.toFixed(1)} °C`,
    percent(ramUsed(unit)),
    disk === undefined ? '-' : `${percent(disk.value)} ${shown(disk.id)}`,
    intervalText(unit.interval),
    ago(nowMs - Date.parse(unit.last_seen)),
  ];
}

export function stateColour(state: string): Colour {
  switch (state) {
    case 'online':
      return 'green';
    case 'late':
      return 'yellow';
    case 'lost':
      return 'red';
    default:
      return 'dim';
  }
}
