import { limits } from '../core/limits.ts';
import type { LabelledReading, Reading, TakenReading } from '../core/reading.ts';
import { jsonBytes, parseObject, shorten } from './json-text.ts';

const nameForm = /^[a-z][a-z0-9_]{0,31}$/;
const epochForm = /^[0-9a-fA-F]{8}$/;
/** The last millisecond that a `Date` can hold: RFC 3339 has no text for a later one. */
const timeMax = 8_640_000_000_000_000;
/** Members of a reading that are no values. */
const own = new Set(['seq', 'time', 'sensor', 'id', 'epoch', 'source']);
/** Members of a log line, which a value of that name would overwrite (protocol 4). */
const reserved = new Set(['unit', 'client_id', 'level', 'event', 'taken', 'v']);

export function isEpoch(text: unknown): text is string {
  return typeof text === 'string' && epochForm.test(text);
}

/** The reading in the data of an `!INFO` of a v2 client, or the sentence that says why it is none (protocol 4). */
export function parseReading(data: string, registeredEpoch: string): TakenReading | string {
  const members = parseObject(data);
  if (members === undefined) return 'the data is not a JSON object';
  const { seq, time, sensor, id, source, epoch } = members;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return 'seq is not an integer from 1 to 2^53-1';
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0 || time > timeMax) {
    return 'time is not a whole number of milliseconds since 1970';
  }
  if (typeof sensor !== 'string' || !nameForm.test(sensor)) return 'sensor is not of the form [a-z][a-z0-9_]{0,31}';
  if (id !== undefined && typeof id !== 'string') return 'id is not a string';
  if (source !== undefined && (typeof source !== 'string' || jsonBytes(source) > limits.sourceBytesMax)) {
    return `source is not a string of at most ${limits.sourceBytesMax} bytes`;
  }
  if (epoch !== undefined && !isEpoch(epoch)) return 'epoch is not 8 hex digits';
  const values: Record<string, number> = {};
  let count = 0;
  for (const name in members) {
    if (own.has(name)) continue;
    if (reserved.has(name)) return `${name} is no name for a value`;
    const value = members[name];
    if (!nameForm.test(name)) return `${JSON.stringify(name.slice(0, 40))} is not of the form [a-z][a-z0-9_]{0,31}`;
    if (typeof value !== 'number' || !Number.isFinite(value)) return `${name} is not a number`;
    count += 1;
    values[name] = value;
  }
  if (count > limits.valuesMax) return `${count} values; a reading has at most ${limits.valuesMax}`;
  return { seq, epoch: epoch ?? registeredEpoch, time, sensor, id, source, values };
}

/** The data of an `!INFO`: `epoch` is written only where it is not the one that the connection registered with. */
export function readingData(reading: LabelledReading, registeredEpoch: string | undefined): string {
  const { seq, time, sensor, id, epoch, source, values } = reading;
  const label = epoch === registeredEpoch ? undefined : epoch;
  return JSON.stringify({ seq, time, sensor, id, epoch: label, source, ...values });
}

/**
 * The reading as it fits into a frame, under any label and on any later connection: `source` cut to its limit, then left out, then the `id`
 * shortened, never the values (protocol 4). Undefined where the values alone are too long, which is its sensor's fault.
 */
export function fitReading(reading: Reading, sha256: (text: string) => string): Reading | undefined {
  // The longest label, so that a reading has the same `id` whether it goes out at once or years later from a backlog.
  const label = { seq: Number.MAX_SAFE_INTEGER, time: timeMax, epoch: '00000000' };
  const over = (candidate: Reading): number =>
    jsonBytesOf(readingData({ ...candidate, ...label }, undefined)) - limits.dataBytesMax;
  const { source: fullSource, ...bare } = reading;
  const source = fullSource === undefined ? undefined : shorten(fullSource, limits.sourceBytesMax, sha256);
  const whole = source === fullSource ? reading : { ...reading, source };
  if (over(whole) <= 0) return whole;
  const bytesOver = over(bare);
  if (bytesOver <= 0) return bare;
  if (bare.id === undefined) return undefined;
  const idBytesMax = jsonBytes(bare.id) - bytesOver;
  // An id of `~` and 8 digits is the shortest that still tells two of a kind apart.
  if (idBytesMax < 9) return undefined;
  return { ...bare, id: shorten(bare.id, idBytesMax, sha256) };
}

function jsonBytesOf(json: string): number {
  return new TextEncoder().encode(json).length;
}
