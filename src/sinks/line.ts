import type { UnitReading } from '../core/reading.ts';
import { jsonEvent, jsonReadings } from './json-line.ts';
import type { LineFormat, LogEvent } from './log-event.ts';
import { prettyEvent, prettyReadings } from './pretty-line.ts';

/** One line with its end. Fields that are undefined are left out. */
export function formatEvent(event: LogEvent, format: LineFormat): string {
  return format.style === 'json' ? jsonEvent(event) : prettyEvent(event, format.colour);
}

/** The `reading` lines of one batch, each with its end; `timeMs` is when it was committed. Empty for no readings. */
export function formatReadings(readings: readonly UnitReading[], timeMs: number, format: LineFormat): string {
  return format.style === 'json' ? jsonReadings(readings, timeMs) : prettyReadings(readings, timeMs, format.colour);
}
