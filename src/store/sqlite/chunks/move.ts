import type { StatementSync } from 'node:sqlite';
import type { SegmentWords } from '../segment-words.ts';
import { Columns, Gathering, gatheredMax } from './gathering.ts';
import { chunksOfReadings, type PackedSeries } from './packed-chunk.ts';
import { Survey, type SurveyedSeries } from './survey.ts';
import { waitingBlocks } from './waiting-blocks.ts';
import type { Window } from './window.ts';

/** How much is gathered at a time; a test says less. */
export interface MoveLimits {
  /** Of all series together: some megabytes. What more there is takes another look at the blocks. */
  readonly partReadings?: number;
  /** Of one series, at most `gatheredMax`. */
  readonly seriesReadings?: number;
}

const partReadingsMax = 131_072;
/** Readings looked at, and readings packed, in one step: some milliseconds, which a query may have to wait. */
const lookStepMax = 16_384;
const packStepMax = 8_192;
const packSeriesMax = 16;

/** A step of moving: more is to come, or chunks that are ready, or all of them are. */
export type MoveStep =
  | { readonly type: 'working' }
  | { readonly type: 'chunks'; readonly storedMs: number; readonly series: readonly PackedSeries[] }
  | { readonly type: 'moved'; readonly window: MovedWindow };

/** Blocks whose readings are in chunks now. */
export interface MovedWindow {
  /** Undefined where there was none. */
  readonly firstBlock: number | undefined;
  readonly lastBlock: number;
  readonly readings: number;
  /** Chunks that were made of them. */
  readonly chunks: number;
  /** Those of which not every reading can be read. */
  readonly damagedBlocks: readonly number[];
}

/** Makes the chunks of a window: looks at its blocks to count, then once for each part of its series that is gathered at a time. */
export function* moveWindow(
  window: Window,
  blockFrom: StatementSync,
  words: SegmentWords,
  { partReadings = partReadingsMax, seriesReadings = gatheredMax }: MoveLimits = {},
): Generator<MoveStep, void, undefined> {
  const survey = new Survey();
  let looked = 0;
  for (const found of waitingBlocks(window.segments, blockFrom, words)) {
    survey.add(found);
    looked += found.block?.seqs.length ?? 0;
    if (looked < lookStepMax) continue;
    looked = 0;
    yield { type: 'working' };
  }
  const room = new Columns();
  let chunks = 0;
  for (const part of partsOf(survey.series, { partReadings, seriesReadings })) {
    const packing = new Packing(window.storedMs);
    const gathering = new Gathering(part, seriesReadings, room);
    for (const found of waitingBlocks(window.segments, blockFrom, words)) {
      gathering.add(found, (series, rows) => {
        packing.add(series, chunksOfReadings(rows), rows.times.length);
      });
      looked += found.block?.seqs.length ?? 0;
      if (packing.isFull) yield packing.take();
      else if (looked >= lookStepMax) yield { type: 'working' };
      else continue;
      looked = 0;
    }
    for (const [series, rows] of gathering.rest()) {
      packing.add(series, chunksOfReadings(rows), rows.times.length);
      if (packing.isFull) yield packing.take();
    }
    if (!packing.isEmpty) yield packing.take();
    chunks += packing.chunks;
  }
  const { firstBlock, readings, damagedBlocks } = survey;
  yield { type: 'moved', window: { firstBlock, lastBlock: window.lastBlock, readings, chunks, damagedBlocks } };
}

/** Neighbours that fit into the memory together. */
function* partsOf(
  series: readonly SurveyedSeries[],
  { partReadings, seriesReadings }: Required<MoveLimits>,
): Generator<readonly SurveyedSeries[]> {
  let part: SurveyedSeries[] = [];
  let readings = 0;
  for (const one of series) {
    const count = Math.min(one.count, seriesReadings);
    if (readings + count > partReadings) {
      yield part;
      part = [];
      readings = 0;
    }
    part.push(one);
    readings += count;
  }
  if (part.length > 0) yield part;
}

/** Chunks that are ready and not given out. */
class Packing {
  chunks = 0;
  readonly #storedMs: number;
  #series: PackedSeries[] = [];
  #readings = 0;

  constructor(storedMs: number) {
    this.#storedMs = storedMs;
  }

  get isFull(): boolean {
    return this.#readings >= packStepMax || this.#series.length >= packSeriesMax;
  }

  get isEmpty(): boolean {
    return this.#series.length === 0;
  }

  add({ clientId, key }: SurveyedSeries, chunks: PackedSeries['chunks'], readings: number): void {
    this.#series.push({ clientId, key, chunks });
    this.#readings += readings;
    this.chunks += chunks.length;
  }

  take(): MoveStep {
    const series = this.#series;
    this.#series = [];
    this.#readings = 0;
    return { type: 'chunks', storedMs: this.#storedMs, series };
  }
}
