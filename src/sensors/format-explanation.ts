import type { Reading } from '../core/reading.ts';
import type { ExplainedInput, ExplainedSensor, Explanation } from './explain.ts';

/** Lines of text for a person, without colours, ending in a newline: what `telemetry-client sensors` prints. */
export function formatExplanation(explanation: Explanation): string {
  const { platform, source, root, sensors, temperatures, notes } = explanation;
  const from = source === 'linux' ? `/proc and /sys below ${root}` : 'systeminformation and node-os-utils';
  const lines = [`Sensors of this machine (${platform}), from ${from}`, ''];
  lines.push(...table([['SENSOR', 'ID', 'VALUES', 'SOURCE'], ...sensors.flatMap(sensorRows)]));
  if (temperatures.length > 0) {
    lines.push('', 'Temperature inputs', '');
    lines.push(...table([['', 'INPUT', 'WHERE', 'VALUE', 'WHY'], ...temperatures.map(inputRow)]));
  }
  for (const note of notes) lines.push(`  note: ${note}`);
  const left = sensors.flatMap(({ name, omissions }) =>
    name === 'temp' ? [] : omissions.map((one) => ({ name, ...one })),
  );
  if (left.length > 0) {
    lines.push('', 'Left out', '');
    lines.push(...table(left.map(({ name, id, reason }) => [name, id, reason])));
  }
  return `${lines.join('\n')}\n`;
}

function sensorRows(sensor: ExplainedSensor): readonly (readonly string[])[] {
  const { name, state, note = '' } = sensor;
  if (state !== 'read') return [[name, '-', note === '' ? state : `${state}: ${note}`]];
  if (sensor.readings.length === 0) return [[name, '-', 'nothing this round']];
  return sensor.readings.map((reading) => [reading.sensor, reading.id ?? '-', valuesOf(reading), reading.source ?? '']);
}

function inputRow({ id, where, celsius, verdict, reason }: ExplainedInput): readonly string[] {
  const words = { cpu: 'CPU', other: 'sent', refused: 'refused', failed: 'failed' } as const;
  return [words[verdict], id, where, celsius === null ? '-' : `${celsius} °C`, reason];
}

function valuesOf({ sensor, values }: Reading): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${sensor === 'disk' || sensor === 'ram' ? size(value) : value}`)
    .join(', ');
}

/** Bytes in the largest binary unit that leaves at least 1. */
function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Columns as wide as their widest cell; the last cell of a row may be of any length. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
