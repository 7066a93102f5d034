import type { UnitReading } from '../core/reading.ts';
import type { LogEvent } from './log-event.ts';
import { RememberedText } from './remembered-text.ts';
import { jsonText } from './visible-text.ts';

/** Sensors, ids and sources; a few MiB at most, since none is longer than a frame. */
const texts = new RememberedText(jsonText, 16_384);
/** Names of values, as they stand in a line. */
const names = new RememberedText((name) => `,${jsonText(name)}:`, 4_096);

/** One event as a JSON object on a line. A field that has the name of a member of every line gets an underscore behind. */
export function jsonEvent({ timeMs, level, event, fields }: LogEvent): string {
  let line = `{"time":"${new Date(timeMs).toISOString()}","level":"${level}","event":${jsonText(event)}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    line += `,${jsonText(everyLine.has(name) ? `${name}_` : name)}:${jsonValue(value)}`;
  }
  return `${line}}\n`;
}

/**
 * `reading` lines, joined by hand: on a server this is most of the work of a log line, and `JSON.stringify` of an object
 * made for it takes several times as long.
 */
export function jsonReadings(readings: readonly UnitReading[], timeMs: number): string {
  const start = `{"time":"${new Date(timeMs).toISOString()}","level":"info","event":"reading","unit":`;
  let lines = '';
  for (const { unit, clientId, reading } of readings) {
    lines += start + jsonText(unit) + ',"client_id":' + jsonText(clientId) + ',"sensor":' + texts.of(reading.sensor);
    if (reading.id !== undefined) lines += ',"id":' + texts.of(reading.id);
    if (reading.epoch !== undefined) lines += ',"epoch":' + jsonText(reading.epoch);
    if (reading.seq !== undefined) lines += `,"seq":${reading.seq}`;
    lines += `,"taken":${reading.time}`;
    if (reading.source !== undefined) lines += ',"source":' + texts.of(reading.source);
    const { values } = reading;
    for (const name in values) {
      const value = values[name];
      if (value !== undefined) lines += names.of(name) + jsonValue(value);
    }
    lines += '}\n';
  }
  return lines;
}

const everyLine: ReadonlySet<string> = new Set(['time', 'level', 'event']);

function jsonValue(value: string | number | boolean | null): string {
  // V8 remembers the last 16,000 texts that `String` made of numbers: of numbers that do not come again, all are promoted to the old.
  return typeof value === 'string' ? jsonText(value) : JSON.stringify(value);
}
