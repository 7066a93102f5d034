import type { TakenReading, UnitReading, Values } from '../../core/reading.ts';
import { encodeBlock, wordsMax } from './block.ts';
import type { NewWords, Shape, Stream } from './words.ts';

/** Readings of one block: as many as a commit of a busy server has, and no more than a reader may hold at once. */
export const blockReadingsMax = 2_048;
/**
 * After so many readings or blocks a new segment begins: what is read again when the store opens, and what a query looks through that
 * needs one reading of it.
 */
const segmentReadingsDefault = 65_536;
export const segmentBlocksMax = 4_096;
/** And after so long, where fewer come: what waits in a segment that goes on cannot be moved into chunks. */
const segmentMsMax = 3_600_000;

export interface PackedBlock {
  /** It is the first of a new segment: what went before is no longer referred to. */
  readonly fresh: boolean;
  /** JSON of NewWords; undefined where the block has none. */
  readonly words: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface KnownStream {
  readonly number: number;
  readonly unit: string;
}

interface KnownShape {
  readonly number: number;
  readonly names: readonly string[];
}

/** Shapes of one sensor, id and source: the one used last, and all by their names. */
interface Shapes {
  last: KnownShape;
  readonly byNames: Map<string, KnownShape>;
}

/**
 * Packs readings into blocks. Strings become numbers, which the words of the segment explain; they are sent once a segment. Whoever packs sends the
 * blocks in order, and calls `reset` where one of them was not stored: then the next block begins a new segment.
 */
export class Packer {
  readonly #streams = new Map<string, Map<string | undefined, KnownStream>>();
  readonly #shapes = new Map<string, Map<string | undefined, Map<string | undefined, Shapes>>>();
  #streamCount = 0;
  #shapeCount = 0;
  #newStreams: Stream[] = [];
  #newShapes: Shape[] = [];
  #readings = 0;
  #blocks = 0;
  #begunMs = 0;
  #fresh = true;

  readonly #seqColumn = new Float64Array(blockReadingsMax);
  readonly #timeColumn = new Float64Array(blockReadingsMax);
  readonly #streamColumn = new Uint16Array(blockReadingsMax);
  readonly #shapeColumn = new Uint16Array(blockReadingsMax);
  readonly #valueColumn: number[] = [];
  readonly #segmentReadings: number;

  /** A test gives fewer readings a segment. */
  constructor(segmentReadings = segmentReadingsDefault) {
    this.#segmentReadings = segmentReadings;
  }

  /** Blocks with all the readings, in their order; it is `nowMs` by the server's clock. */
  pack(readings: readonly UnitReading[], nowMs: number): PackedBlock[] {
    // A clock that was set back says nothing of how long it is.
    if (Math.abs(nowMs - this.#begunMs) >= segmentMsMax) this.reset();
    const blocks: PackedBlock[] = [];
    for (let start = 0; start < readings.length; start += blockReadingsMax) {
      blocks.push(this.#block(readings, start, Math.min(readings.length, start + blockReadingsMax)));
      if (this.#blocks === 1) this.#begunMs = nowMs;
    }
    return blocks;
  }

  /** Begins a new segment. */
  reset(): void {
    this.#streams.clear();
    this.#shapes.clear();
    this.#streamCount = 0;
    this.#shapeCount = 0;
    this.#newStreams = [];
    this.#newShapes = [];
    this.#readings = 0;
    this.#blocks = 0;
    this.#fresh = true;
  }

  #block(readings: readonly UnitReading[], start: number, end: number): PackedBlock {
    if (this.#isFull()) this.reset();
    const count = end - start;
    const fresh = this.#fresh;
    const firstStream = this.#streamCount;
    const firstShape = this.#shapeCount;
    this.#valueColumn.length = 0;
    for (let index = start; index < end; index += 1) {
      const stored = readings[index];
      if (stored !== undefined) this.#add(stored, index - start);
    }
    const bytes = encodeBlock({
      seqs: this.#seqColumn.subarray(0, count),
      times: this.#timeColumn.subarray(0, count),
      values: this.#valueColumn,
      streams: this.#streamColumn.subarray(0, count),
      shapes: this.#shapeColumn.subarray(0, count),
    });
    this.#fresh = false;
    this.#readings += count;
    this.#blocks += 1;
    return { fresh, words: this.#takeWords(firstStream, firstShape), bytes };
  }

  /** Each reading of a block may have words of its own, and a block is of one segment. */
  #isFull(): boolean {
    return (
      this.#readings >= this.#segmentReadings ||
      this.#blocks >= segmentBlocksMax ||
      Math.max(this.#streamCount, this.#shapeCount) > wordsMax - blockReadingsMax
    );
  }

  #add({ clientId, unit, reading }: UnitReading, place: number): void {
    const { epoch, seq, time } = reading;
    const known = this.#streams.get(clientId)?.get(epoch);
    this.#seqColumn[place] = seq ?? Number.NaN;
    this.#timeColumn[place] = time;
    this.#streamColumn[place] = known?.unit === unit ? known.number : this.#newStream(clientId, unit, epoch);
    this.#shapeColumn[place] = this.#shapeAndValues(reading);
  }

  #newStream(clientId: string, unit: string, epoch: string | undefined): number {
    const number = this.#streamCount;
    this.#streamCount += 1;
    this.#newStreams.push([clientId, unit, epoch ?? null]);
    within(this.#streams, clientId, () => new Map<string | undefined, KnownStream>()).set(epoch, { number, unit });
    return number;
  }

  #shapeAndValues({ sensor, id, source, values }: TakenReading): number {
    const shapes = this.#shapes.get(sensor)?.get(id)?.get(source);
    if (shapes !== undefined && this.#takeValues(values, shapes.last.names)) return shapes.last.number;
    const names = Object.keys(values);
    for (const name of names) this.#valueColumn.push(values[name] ?? 0);
    const key = JSON.stringify(names);
    const shape = shapes?.byNames.get(key) ?? this.#newShape([sensor, id ?? null, source ?? null, names]);
    if (shapes === undefined) {
      const byId = within(this.#shapes, sensor, () => new Map<string | undefined, Map<string | undefined, Shapes>>());
      const bySource = within(byId, id, () => new Map<string | undefined, Shapes>());
      bySource.set(source, { last: shape, byNames: new Map([[key, shape]]) });
    } else {
      shapes.last = shape;
      shapes.byNames.set(key, shape);
    }
    return shape.number;
  }

  #newShape(shape: Shape): KnownShape {
    const number = this.#shapeCount;
    this.#shapeCount += 1;
    this.#newShapes.push(shape);
    return { number, names: shape[3] };
  }

  /** Appends the values if their names are these, in this order; else appends nothing. */
  #takeValues(values: Values, names: readonly string[]): boolean {
    const column = this.#valueColumn;
    const before = column.length;
    for (const name in values) {
      if (names[column.length - before] !== name) {
        column.length = before;
        return false;
      }
      column.push(values[name] ?? 0);
    }
    if (column.length - before === names.length) return true;
    column.length = before;
    return false;
  }

  #takeWords(firstStream: number, firstShape: number): string | undefined {
    if (this.#newStreams.length === 0 && this.#newShapes.length === 0) return undefined;
    const words: NewWords = { firstStream, firstShape, streams: this.#newStreams, shapes: this.#newShapes };
    this.#newStreams = [];
    this.#newShapes = [];
    return JSON.stringify(words);
  }
}

function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
