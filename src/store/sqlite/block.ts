import { crc32 } from 'node:zlib';

/**
 * A block is some readings of one batch, column by column, in order of arrival. All numbers are little-endian:
 *
 *     u32 magic, u32 readings, u32 values, u32 zero
 *     f64 seq[readings]      NaN for none
 *     f64 time[readings]     milliseconds since 1970, UTC
 *     f64 value[values]      of all readings, one after the other
 *     u16 stream[readings]   number of a stream of the segment: unit, its name then, epoch
 *     u16 shape[readings]    number of a shape of the segment: sensor, id, source, names of the values
 *
 * Typed arrays over one buffer, so that a block goes from thread to thread and to the disk without being looked at.
 */
export interface Block {
  readonly seqs: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly streams: Uint16Array;
  readonly shapes: Uint16Array;
}

type Columns = { readonly [Column in keyof Block]: ArrayLike<number> };

/** "TB1" and the layout's number. Read with the wrong order of bytes it is another number. */
const magic = 0x54423101;
const headerBytes = 16;

/** Streams and shapes that a segment may have: their numbers take 16 bits. */
export const wordsMax = 65_536;

export function blockBytes(readings: number, values: number): number {
  return headerBytes + readings * (8 + 8 + 2 + 2) + values * 8;
}

/** The bytes of a block with these columns. */
export function encodeBlock({ seqs, times, values, streams, shapes }: Columns): Uint8Array<ArrayBuffer> {
  const buffer = new ArrayBuffer(blockBytes(seqs.length, values.length));
  new Uint32Array(buffer, 0, 3).set([magic, seqs.length, values.length]);
  const into = columnsOf(buffer, seqs.length, values.length);
  into.seqs.set(seqs);
  into.times.set(times);
  into.values.set(values);
  into.streams.set(streams);
  into.shapes.set(shapes);
  return new Uint8Array(buffer);
}

/** The columns of a block, without a copy where its bytes lie well; undefined where the bytes are no block. */
export function decodeBlock(bytes: Uint8Array): Block | undefined {
  if (bytes.length < headerBytes) return undefined;
  const { buffer, byteOffset } = byteOffsetIsEven(bytes) ? bytes : bytes.slice();
  const [found, readings = 0, values = 0] = new Uint32Array(buffer, byteOffset, 3);
  if (found !== magic || bytes.length !== blockBytes(readings, values)) return undefined;
  return columnsOf(buffer, readings, values, byteOffset);
}

/** What tells a flipped bit; the database has no checksum of its own. */
export function checksum(bytes: Uint8Array | string): number {
  return crc32(bytes);
}

/** The block without the readings at `left`, which are indexes that grow. */
export function withoutReadings(block: Block, left: readonly number[], valueCounts: readonly number[]): Block {
  const leave = new Set(left);
  const kept: number[] = [];
  const values: number[] = [];
  let offset = 0;
  for (const [index, shape] of block.shapes.entries()) {
    const end = offset + (valueCounts[shape] ?? 0);
    if (!leave.has(index)) {
      kept.push(index);
      for (; offset < end; offset += 1) values.push(block.values[offset] ?? 0);
    }
    offset = end;
  }
  return {
    seqs: Float64Array.from(kept, (index) => block.seqs[index] ?? Number.NaN),
    times: Float64Array.from(kept, (index) => block.times[index] ?? 0),
    values: Float64Array.from(values),
    streams: Uint16Array.from(kept, (index) => block.streams[index] ?? 0),
    shapes: Uint16Array.from(kept, (index) => block.shapes[index] ?? 0),
  };
}

function byteOffsetIsEven(bytes: Uint8Array): boolean {
  return bytes.byteOffset % 8 === 0;
}

function columnsOf(buffer: ArrayBufferLike, readings: number, values: number, start = 0): Block {
  let offset = start + headerBytes;
  const seqs = new Float64Array(buffer, offset, readings);
  offset += readings * 8;
  const times = new Float64Array(buffer, offset, readings);
  offset += readings * 8;
  const valuesColumn = new Float64Array(buffer, offset, values);
  offset += values * 8;
  const streams = new Uint16Array(buffer, offset, readings);
  offset += readings * 2;
  const shapes = new Uint16Array(buffer, offset, readings);
  return { seqs, times, values: valuesColumn, streams, shapes };
}
