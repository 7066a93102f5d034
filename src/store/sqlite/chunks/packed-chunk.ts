import { encodeReadings } from './reading-chunk.ts';
import { coarser, rolledUp, summed } from './roll-up.ts';
import { sliceOfReadings, sliceOfSteps, type ReadingRows, type StepRows } from './rows.ts';
import { encodeSteps } from './step-chunk.ts';
import { rollUps, type Tier } from './tier.ts';

/** A chunk on its way to the disk. */
export interface PackedChunk {
  readonly tier: Tier;
  /** Readings or steps. */
  readonly rows: number;
  /** The first and last `time` in it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of each column of readings the least, the greatest and the sum, f64 little-endian; empty of a roll-up, whose rows are such themselves. */
  readonly summary: Uint8Array<ArrayBuffer>;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a step of moving makes for one series; the key is JSON of a SeriesKey. */
export interface PackedSeries {
  readonly clientId: string;
  readonly key: string;
  readonly chunks: readonly PackedChunk[];
}

/** Rows of a chunk: enough that what each chunk costs does not count, and few enough to read one for a reading of it. */
export const chunkRowsMax = 2_048;
const chunkRowBytes = 256;

/** What they take in the database: their rows, summaries and places in the indexes, about. */
export function bytesOfChunks(chunks: readonly PackedChunk[]): number {
  return chunks.reduce((sum, { data }) => sum + data.length + chunkRowBytes, 0);
}

/** The chunks of readings that are in their order, and those of their roll-ups. */
export function chunksOfReadings(rows: ReadingRows): PackedChunk[] {
  const chunks = readingChunks(rows);
  let finer: StepRows | undefined;
  for (const { tier, stepMs } of rollUps) {
    finer = finer === undefined ? rolledUp(rows, stepMs) : coarser(finer, stepMs);
    chunks.push(...stepChunks(finer, tier));
  }
  return chunks;
}

/** Without roll-ups. */
export function readingChunks(rows: ReadingRows): PackedChunk[] {
  return slices(rows.times.length, (start, end) => {
    const slice = sliceOfReadings(rows, start, end);
    const { times, values } = slice;
    return {
      tier: 0,
      rows: end - start,
      ...spanOf(times),
      summary: new Uint8Array(summed(values).buffer),
      data: encodeReadings(slice),
    };
  });
}

export function stepChunks(rows: StepRows, tier: Tier): PackedChunk[] {
  return slices(rows.times.length, (start, end) => {
    const slice = sliceOfSteps(rows, start, end);
    return { tier, rows: end - start, ...spanOf(slice.times), summary: new Uint8Array(), data: encodeSteps(slice) };
  });
}

function slices(count: number, chunkOf: (start: number, end: number) => PackedChunk): PackedChunk[] {
  const chunks: PackedChunk[] = [];
  for (let start = 0; start < count; start += chunkRowsMax) {
    chunks.push(chunkOf(start, Math.min(count, start + chunkRowsMax)));
  }
  return chunks;
}

function spanOf(times: Float64Array): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Math.floor(times[0] ?? 0), toMs: Math.ceil(times.at(-1) ?? 0) };
}
