import type { Level } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import type { LogEvent } from './log-event.ts';
import { prettyPhrase, prettyWord } from './visible-text.ts';

/** One event for people: `12:00:01.123 warn  lost unit=bench-03 silent_ms=15000`, in local time. */
export function prettyEvent({ timeMs, level, event, fields }: LogEvent, colour: boolean): string {
  const paint = colour ? painted : plain;
  let line = `${paint('dim', timeOfDay(timeMs))} ${paint(level, level.padEnd(5))} ${paint('bold', prettyWord(event))}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = typeof value === 'string' ? prettyWord(value) : String(value);
    line += ` ${paint('dim', `${prettyWord(name)}=`)}${shown}`;
  }
  return `${line}\n`;
}

/**
 * Readings for people: `12:00:01.123 reading bench-03 cpu_temp coretemp/Package id 0  celsius=54.5`. Labels are left out,
 * bytes are shown in powers of 1000.
 */
export function prettyReadings(readings: readonly UnitReading[], timeMs: number, colour: boolean): string {
  const paint = colour ? painted : plain;
  const start = `${paint('dim', timeOfDay(timeMs))} reading `;
  let lines = '';
  for (const { unit, reading } of readings) {
    lines += `${start}${paint('bold', prettyWord(unit))} ${prettyWord(reading.sensor)}`;
    if (reading.id !== undefined) lines += ` ${prettyPhrase(reading.id)}`;
    lines += ' ';
    const inBytes = sensorsInBytes.has(reading.sensor);
    for (const [name, value] of Object.entries(reading.values)) {
      const shown = inBytes && !name.endsWith('_ratio') ? prettyBytes(value) : prettyNumber(value);
      lines += ` ${paint('dim', `${prettyWord(name)}=`)}${shown}`;
    }
    if (reading.source !== undefined) lines += `  ${paint('dim', `source=${prettyWord(reading.source)}`)}`;
    lines += '\n';
  }
  return lines;
}

/** Sensors whose values are bytes but for ratios, which say so in their name. */
const sensorsInBytes: ReadonlySet<string> = new Set(['disk', 'ram']);
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function prettyBytes(bytes: number): string {
  if (!Number.isInteger(bytes) || bytes < 0) return prettyNumber(bytes);
  let shown = bytes;
  let power = 0;
  // 999.95 would be shown as 1000.0
  while (shown >= 999.95 && power < byteUnits.length - 1) {
    shown /= 1000;
    power += 1;
  }
  return `${power === 0 ? bytes : shown.toFixed(1)}${byteUnits[power] ?? ''}`;
}

/** Six digits are more than a sensor has; integers are counts and stay whole. */
function prettyNumber(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}

function timeOfDay(timeMs: number): string {
  const at = new Date(timeMs);
  const milliseconds = String(at.getMilliseconds()).padStart(3, '0');
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}:${twoDigits(at.getSeconds())}.${milliseconds}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

type Paint = Level | 'dim' | 'bold';

/** Parameters of the terminal's "select graphic rendition", ECMA-48 section 8.3.117. */
const renditions: Readonly<Record<Paint, string>> = {
  error: '31;1',
  warn: '33',
  info: '32',
  debug: '2',
  dim: '2',
  bold: '1',
};

function painted(paint: Paint, text: string): string {
  return `\u001b[${renditions[paint]}m${text}\u001b[0m`;
}

function plain(_paint: Paint, text: string): string {
  return text;
}
