import type { LabelledReading, Values } from '../../core/reading.ts';
import type { LabelRange } from './label-ranges.ts';
import { recordBytesMax } from './record.ts';

/** Readings in one record: as many stay together as are lost to one wrong byte. A round of a large machine becomes several records. */
const readingsMax = 64;
/** Ranges in one record; 24 bytes each, mostly. */
const rangesMax = 1_024;

/** What a record of a segment holds. */
export type Entry =
  /** Readings of one round with numbers that grow by one. */
  | { readonly type: 'round'; readonly readings: readonly LabelledReading[] }
  /** These were answered, wherever they are. */
  | { readonly type: 'answered'; readonly ranges: readonly LabelRange[] }
  /** Of segment `segment`, which is older, no others than these were unanswered when this one was begun. */
  | { readonly type: 'kept'; readonly segment: number; readonly ranges: readonly LabelRange[] };

/** The payloads of the records that hold these readings, in their order. */
export function encodeReadings(readings: readonly LabelledReading[]): readonly string[] {
  const payloads: string[] = [];
  let group: LabelledReading[] = [];
  for (const reading of readings) {
    const last = group.at(-1);
    if (last !== undefined && !(group.length < readingsMax && follows(last, reading))) {
      payloads.push(...encodeGroup(group));
      group = [];
    }
    group.push(reading);
  }
  payloads.push(...encodeGroup(group));
  return payloads;
}

export function encodeAnswered(ranges: Iterable<LabelRange>): readonly string[] {
  return inPieces(ranges).map((piece) => JSON.stringify({ answered: piece }));
}

/** One record at most: where there are more ranges than fit, those left out are sent once more and the server knows them. */
export function encodeKept(segment: number, ranges: Iterable<LabelRange>): readonly string[] {
  const pieces = inPieces(ranges);
  return pieces.length > 1 ? [] : [JSON.stringify({ kept: pieces[0] ?? [], segment })];
}

/** Undefined where the payload is of no form that this version writes. */
export function decodeEntry(payload: string): Entry | undefined {
  const members = parseMembers(payload);
  if (members === undefined) return undefined;
  const { answered, kept, segment } = members;
  if (answered !== undefined) {
    const ranges = rangesOf(answered);
    return ranges && { type: 'answered', ranges };
  }
  if (kept !== undefined) {
    const ranges = rangesOf(kept);
    return ranges && typeof segment === 'number' ? { type: 'kept', segment, ranges } : undefined;
  }
  const readings = readingsOf(members);
  return readings && { type: 'round', readings };
}

function follows(last: LabelledReading, { epoch, time, seq }: LabelledReading): boolean {
  return epoch === last.epoch && time === last.time && seq === last.seq + 1;
}

function encodeGroup(group: readonly LabelledReading[]): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { epoch, seq, time } = first;
  const readings = group.map(({ sensor, id, source, values }) => {
    if (source !== undefined) return [sensor, values, id ?? null, source];
    return id === undefined ? [sensor, values] : [sensor, values, id];
  });
  const payload = JSON.stringify({ epoch, seq, time, readings });
  // Characters are at most three bytes each in UTF-8: most payloads need not be counted.
  if (payload.length * 3 <= recordBytesMax || group.length === 1) return [payload];
  if (Buffer.byteLength(payload) <= recordBytesMax) return [payload];
  const middle = group.length >> 1;
  return [...encodeGroup(group.slice(0, middle)), ...encodeGroup(group.slice(middle))];
}

function inPieces(ranges: Iterable<LabelRange>): readonly (readonly (readonly [string, number, number])[])[] {
  const all = Array.from(ranges, ({ epoch, from, to }) => [epoch, from, to] as const);
  const pieces = [];
  for (let at = 0; at < all.length; at += rangesMax) pieces.push(all.slice(at, at + rangesMax));
  return pieces;
}

/** The members of a JSON object; undefined where the text is none. */
export function parseMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Its checksum was right, so it is another program's; the caller says so.
    return undefined;
  }
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function rangesOf(value: unknown): readonly LabelRange[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ranges: LabelRange[] = [];
  for (const item of value as readonly unknown[]) {
    const [epoch, from, to] = Array.isArray(item) ? (item as readonly unknown[]) : [];
    if (typeof epoch !== 'string' || !isSeq(from) || !isSeq(to) || from > to) return undefined;
    ranges.push({ epoch, from, to });
  }
  return ranges;
}

function readingsOf({
  epoch,
  seq,
  time,
  readings,
}: Readonly<Record<string, unknown>>): readonly LabelledReading[] | undefined {
  if (typeof epoch !== 'string' || !isSeq(seq) || !Number.isSafeInteger(time) || typeof time !== 'number')
    return undefined;
  if (!Array.isArray(readings) || readings.length === 0) return undefined;
  const decoded: LabelledReading[] = [];
  for (const item of readings as readonly unknown[]) {
    const [sensor, values, id, source] = Array.isArray(item) ? (item as readonly unknown[]) : [];
    const numbers = valuesOf(values);
    if (typeof sensor !== 'string' || numbers === undefined || !isTextOrNone(id) || !isTextOrNone(source))
      return undefined;
    const label = { epoch, seq: seq + decoded.length, time };
    decoded.push({ ...label, sensor, id: id ?? undefined, source: source ?? undefined, values: numbers });
  }
  return decoded;
}

function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function valuesOf(value: unknown): Values | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const numbers = value as Record<string, unknown>;
  for (const name of Object.keys(numbers)) {
    // What is no number has become `null` in JSON. It stays none, and the server says so of it as it would have at first.
    if (numbers[name] === null) numbers[name] = Number.NaN;
    else if (typeof numbers[name] !== 'number') return undefined;
  }
  return numbers as Values;
}

function isTextOrNone(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}
