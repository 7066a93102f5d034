import type { Reading } from '../core/reading.ts';

interface LineForm {
  readonly form: RegExp;
  readonly reading: (match: RegExpExecArray, value: number) => Reading;
}

const number = String.raw`(-?\d+(?:\.\d+)?)`;

/** The lines of v1 data (protocol 4): temperatures in degrees Celsius, the rest in percent, which become ratios. */
const lineForms: readonly LineForm[] = [
  {
    form: new RegExp(String.raw`^CPU temperature: ${number}$`),
    reading: (_, value) => ({ sensor: 'cpu_temp', values: { celsius: value } }),
  },
  {
    form: new RegExp(String.raw`^(.{1,64})'s temp: ${number}$`),
    reading: (match, value) => ({ sensor: 'temp', id: match[1], values: { celsius: value } }),
  },
  {
    form: new RegExp(`^Average CPU % used: ${number}$`),
    reading: (_, value) => ({ sensor: 'cpu', values: { utilisation: ratio(value) } }),
  },
  {
    form: new RegExp(`^(?:Storage|disk) % used: ${number}$`),
    reading: (_, value) => ({ sensor: 'disk', id: '/', values: { used_ratio: ratio(value) } }),
  },
  {
    form: new RegExp(`^(?:Memory|memory) % used: ${number}$`),
    reading: (_, value) => ({ sensor: 'ram', values: { used_ratio: ratio(value) } }),
  },
];

/** What a v1 frame says: readings without time and label, and lines that are none. */
export function parseV1(data: string): { readonly readings: readonly Reading[]; readonly others: readonly string[] } {
  const readings: Reading[] = [];
  const others: string[] = [];
  for (const line of data.split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    const reading = parseLine(text);
    if (reading === undefined) others.push(text);
    else readings.push(reading);
  }
  return { readings, others };
}

function parseLine(line: string): Reading | undefined {
  for (const { form, reading } of lineForms) {
    const match = form.exec(line);
    if (match !== null) return reading(match, Number(match.at(-1)));
  }
  return undefined;
}

/** Percent with its decimals, not with those that a division by a hundred adds. */
function ratio(percent: number): number {
  return Number((percent / 100).toFixed(6));
}

/**
 * The one frame a round that a v1 server gets: temperature of the CPU, root file system and memory, one decimal each; a line is left out where
 * there is no such reading.
 */
export function formatV1(readings: readonly Reading[]): string {
  let text = '';
  const temperatures = readings.flatMap(({ sensor, values }) =>
    sensor === 'cpu_temp' ? (values['celsius'] ?? []) : [],
  );
  if (temperatures.length > 0) text += `CPU temperature: ${Math.max(...temperatures).toFixed(1)}\n`;
  const disk = percentUsed(readings.find(({ sensor, id }) => sensor === 'disk' && (id === '/' || id === 'C:')));
  if (disk !== undefined) text += `Storage % used: ${disk.toFixed(1)}\n`;
  const memory = percentUsed(readings.find(({ sensor }) => sensor === 'ram'));
  if (memory !== undefined) text += `Memory % used: ${memory.toFixed(1)}\n`;
  return text;
}

function percentUsed(reading: Reading | undefined): number | undefined {
  const used = reading?.values['used'];
  const total = reading?.values['total'];
  return used === undefined || total === undefined || total <= 0 ? undefined : (used / total) * 100;
}
