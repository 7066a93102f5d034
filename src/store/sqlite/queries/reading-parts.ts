import type { UnitReading } from '../../../core/reading.ts';
import type { Query } from '../../contract.ts';
import type { Place } from '../../order.ts';
import { readingOf } from '../chunks/chunk-reading.ts';
import { readProgress, type Progress } from '../chunks/progress.ts';
import type { ReadingRows } from '../chunks/rows.ts';
import type { SeriesKey } from '../chunks/series-key.ts';
import { integerIn } from '../row.ts';
import { ChunkCache } from './chunk-cache.ts';
import { ChunkSweep, listChunks } from './chunk-list.ts';
import type { Damaged } from './damaged.ts';
import { Earliest } from './earliest.ts';
import { atOneMoment, type ReaderConnection } from './reader-connection.ts';
import { eachWaiting } from './waiting-readings.ts';
import { wantedSeries } from './wanted-series.ts';

/**
 * The readings that match, in their order, a part after another. Chunks and blocks may be moved, merged and dropped between two parts: each begins at the place where the
 * one before it ended, and sees one state of the store.
 */
export function* readingParts(
  query: Query,
  connection: ReaderConnection,
  damaged: Damaged,
): Generator<readonly UnitReading[], void, undefined> {
  const { statements } = connection;
  if (!(query.fromMs < query.toMs)) return;
  const lastBlock = integerIn(statements.lastBlock.get(), 'block');
  const cache = new ChunkCache(statements, (chunk) => {
    damaged.chunk(chunk);
  });
  let from: Place | undefined = { time: query.fromMs, epoch: '', seq: 0 };
  let listed: Progress | undefined;
  let sweep = new ChunkSweep([]);
  while (from !== undefined) {
    const beginning: Place = from;
    const earliest = new Earliest(beginning);
    atOneMoment(connection, () => {
      const progress = readProgress(statements.progress);
      if (progress.movedBlock !== listed?.movedBlock || progress.lastChunk !== listed.lastChunk) {
        const { wanted, damaged: lost } = wantedSeries(query, statements);
        damaged.series(lost);
        const range = { series: wanted, tier: 0 as const, fromMs: beginning.time, toMs: query.toMs };
        sweep = new ChunkSweep(listChunks(range, statements));
        listed = progress;
      }
      for (const chunk of sweep.from(beginning.time)) {
        if (earliest.end !== undefined && chunk.fromMs > earliest.end.time) break;
        const rows = cache.readings(chunk);
        if (rows !== undefined) addRows(rows, chunk.series.key, { query, beginning }, earliest);
      }
      eachWaiting(query, { movedBlock: progress.movedBlock, lastBlock }, connection, {
        take: (reading) => {
          earliest.add(reading);
        },
        damaged: (block) => {
          damaged.block(block);
        },
      });
    });
    yield earliest.take();
    from = earliest.end;
  }
}

function addRows(
  rows: ReadingRows,
  key: SeriesKey,
  { query, beginning }: { readonly query: Query; readonly beginning: Place },
  earliest: Earliest,
): void {
  const { times } = rows;
  for (let index = firstFrom(times, beginning.time); index < times.length; index += 1) {
    const time = times[index] ?? 0;
    if (time >= query.toMs || (earliest.end !== undefined && time > earliest.end.time)) return;
    earliest.add(readingOf(rows, index, key));
  }
}

/** The index of the first time at or after `fromMs`. */
export function firstFrom(times: Float64Array, fromMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
