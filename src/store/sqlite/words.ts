import type { TakenReading, UnitReading } from '../../core/reading.ts';
import type { Block } from './block.ts';

/** Who sent a reading: `client_id`, the unit's name then, and the epoch; null for a v1 unit, which has none. */
export type Stream = readonly [clientId: string, unit: string, epoch: string | null];

/** What a reading is of: sensor, id, source, and the names of its values in their order. */
export type Shape = readonly [sensor: string, id: string | null, source: string | null, names: readonly string[]];

/** Streams and shapes that a block is the first of its segment to use. They are numbered in order from `firstStream` and `firstShape`. */
export interface NewWords {
  readonly firstStream: number;
  readonly firstShape: number;
  readonly streams: readonly Stream[];
  readonly shapes: readonly Shape[];
}

/** The dictionary of a segment by number. Where words are lost, there are holes. */
export class Words {
  readonly streams: (Stream | undefined)[] = [];
  readonly shapes: (Shape | undefined)[] = [];
  /** How many values a reading of that shape has. */
  readonly valueCounts: number[] = [];

  add({ firstStream, firstShape, streams, shapes }: NewWords): void {
    for (const [index, stream] of streams.entries()) this.streams[firstStream + index] = stream;
    for (const [index, shape] of shapes.entries()) {
      this.shapes[firstShape + index] = shape;
      this.valueCounts[firstShape + index] = shape[3].length;
    }
  }
}

/** `text` is what JSON.stringify made of new words; undefined where it is not. */
export function parseWords(text: string): NewWords | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON is one way of not being words.
    return undefined;
  }
  return isNewWords(value) ? value : undefined;
}

/** One reading of a block whose words are there; `valueOffset` is where its values begin. */
export function readingAt(block: Block, index: number, valueOffset: number, stream: Stream, shape: Shape): UnitReading {
  const [clientId, unit, epoch] = stream;
  const [sensor, id, source, names] = shape;
  const values: Record<string, number> = {};
  for (const [place, name] of names.entries()) values[name] = block.values[valueOffset + place] ?? 0;
  const seq = block.seqs[index] ?? Number.NaN;
  const reading: { -readonly [Member in keyof TakenReading]: TakenReading[Member] } = {
    seq: Number.isNaN(seq) ? undefined : seq,
    epoch: epoch ?? undefined,
    time: block.times[index] ?? 0,
    sensor,
    values,
  };
  if (id !== null) reading.id = id;
  if (source !== null) reading.source = source;
  return { clientId, unit, reading };
}

function isNewWords(value: unknown): value is NewWords {
  if (typeof value !== 'object' || value === null) return false;
  if (!('firstStream' in value && 'firstShape' in value && 'streams' in value && 'shapes' in value)) return false;
  const { firstStream, firstShape, streams, shapes } = value;
  return (
    Number.isInteger(firstStream) &&
    Number.isInteger(firstShape) &&
    Array.isArray(streams) &&
    streams.every(isStream) &&
    Array.isArray(shapes) &&
    shapes.every(isShape)
  );
}

function isStream(value: unknown): value is Stream {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'string' &&
    isTextOrNull(value[2])
  );
}

function isShape(value: unknown): value is Shape {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    typeof value[0] === 'string' &&
    isTextOrNull(value[1]) &&
    isTextOrNull(value[2]) &&
    Array.isArray(value[3]) &&
    value[3].every((name) => typeof name === 'string')
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
