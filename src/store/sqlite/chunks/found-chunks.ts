import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { reasonOf } from '../../../core/system-error.ts';
import { checksum } from '../block.ts';
import { preparedOrTold, rowsOf, type TellDamage } from '../inspection.ts';
import { integerIn } from '../row.ts';
import { readProgress, type Progress } from './progress.ts';
import { parseSeriesKey, type SeriesKey } from './series-key.ts';
import { readingsIn, stepsIn } from './stored-chunk.ts';

export type ChunkRow = Readonly<Record<string, SQLOutputValue>>;

/** A chunk that can be read, and its row as it is stored. */
export interface FoundChunk {
  readonly row: ChunkRow;
  readonly tier: number;
  readonly rows: number;
}

export interface FoundSeries {
  readonly key: SeriesKey;
  /** As it is stored. */
  readonly text: string;
}

/** How far readings were moved in a store that is looked at; as if all chunks were good and no block was moved where nobody knows. */
export function findProgress(database: DatabaseSync, tell: TellDamage): Progress {
  try {
    return readProgress(database.prepare('SELECT moved_block, last_chunk, checksum FROM progress'));
  } catch (error) {
    tell(`progress: ${reasonOf(error)}; some readings may be there twice`);
    return { movedBlock: 0, lastChunk: Number.MAX_SAFE_INTEGER };
  }
}

/** The series by number, as far as they can be read. */
export function findSeries(database: DatabaseSync, tell: TellDamage): ReadonlyMap<number, FoundSeries> {
  const found = new Map<number, FoundSeries>();
  const table = { table: 'series', columns: 'series, checksum, key', key: 'series' };
  for (const row of rowsOf(database, table, tell)) {
    const { key: text, checksum: expected } = row;
    const key = typeof text === 'string' && checksum(text) === expected ? parseSeriesKey(text) : undefined;
    if (key === undefined || typeof text !== 'string') tell(`series ${String(row['series'])} is damaged`);
    else found.set(integerIn(row, 'series'), { key, text });
  }
  return found;
}

/** The chunks that can be read and that queries see, one by one: a damaged page costs what lies on it. */
export function* findChunks(
  database: DatabaseSync,
  { lastChunk }: Progress,
  series: ReadonlyMap<number, FoundSeries>,
  tell: TellDamage,
): Generator<FoundChunk, void, undefined> {
  const statement = preparedOrTold(database, { table: 'chunks', sql: 'SELECT * FROM chunks WHERE chunk = ?' }, tell);
  if (statement === undefined) return;
  for (const { chunk } of rowsOf(database, { table: 'chunks', columns: 'chunk', key: 'chunk' }, tell)) {
    if (typeof chunk !== 'number' || chunk > lastChunk) continue;
    try {
      const row = statement.get(chunk);
      const tier = integerIn(row, 'tier');
      const rows = integerIn(row, 'rows');
      const key = series.get(integerIn(row, 'series'))?.key;
      if (row !== undefined && key !== undefined && isReadable(row, tier, key[3].length)) yield { row, tier, rows };
      else tell(`chunk ${chunk}: it is damaged`, tier === 0 ? rows : 0);
    } catch (error) {
      tell(`chunk ${chunk}: ${reasonOf(error)}`);
    }
  }
}

function isReadable(row: ChunkRow, tier: number, columns: number): boolean {
  return (tier === 0 ? readingsIn(row, columns) : stepsIn(row, columns)) !== undefined;
}
