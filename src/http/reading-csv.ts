import { csvField, lineEnd, timeText } from '../core/csv.ts';
import type { UnitReading } from '../core/reading.ts';

/** The first line. */
export const csvColumns = `time,unit,client_id,sensor,id,epoch,seq,source,name,value${lineEnd}`;

/**
 * A reading as lines of CSV, one for each of its values: sensors have values of different names, so each value has its name beside it. A reading without values has
 * one line. `time` is RFC 3339.
 */
export function csvRows({ unit, clientId, reading }: UnitReading): string {
  const { time, sensor, id, epoch, seq, source, values } = reading;
  const texts = [unit, clientId, sensor, id, epoch].map((text) => csvField(text ?? ''));
  const beginning = `${timeText(time)},${texts.join(',')},${seq ?? ''},${csvField(source ?? '')}`;
  const names = Object.entries(values);
  if (names.length === 0) return `${beginning},,${lineEnd}`;
  return names.map(([name, value]) => `${beginning},${csvField(name)},${value}${lineEnd}`).join('');
}
