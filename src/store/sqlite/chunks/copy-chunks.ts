import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../../../core/system-error.ts';
import { checksum } from '../block.ts';
import { sqliteCodeOf } from '../faults.ts';
import { rowsOf, type TellDamage } from '../inspection.ts';
import { integerIn } from '../row.ts';
import { findChunks, findProgress, findSeries } from './found-chunks.ts';
import { progressChecksum } from './progress.ts';

/** SQLITE_CONSTRAINT: https://sqlite.org/rescode.html */
const constraintCode = 19;
/** Chunks of one commit. */
const commitChunks = 256;

const tables = {
  series: ['series', 'client_id', 'checksum', 'key'],
  chunks: ['chunk', 'series', 'tier', 'rows', 'from_ms', 'to_ms', 'stored_ms', 'checksum', 'summary', 'data'],
  dropped: ['tier', 'through_ms'],
  newest: ['client_id', 'to_ms'],
  set_aside: ['block', 'stored_ms', 'readings', 'checksum', 'data'],
} as const;

/**
 * Copies the chunks that can be read into a store that has none, as they are: their roll-ups may be all that is left of their time. Answers how many readings they
 * hold.
 */
export function copyChunks(source: DatabaseSync, target: DatabaseSync, tell: TellDamage): number {
  const series = findSeries(source, tell);
  const adder = (table: keyof typeof tables): ((row: Readonly<Record<string, unknown>>) => boolean) => {
    const columns = tables[table];
    const statement = target.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    return (row) => {
      try {
        statement.run(...columns.map((column) => row[column] as string | number | Uint8Array));
        return true;
      } catch (error) {
        // A damaged row may be none that the table takes.
        if (sqliteCodeOf(error) !== constraintCode) throw error;
        tell(`${table}: ${reasonOf(error)}`);
        return false;
      }
    };
  };
  let readings = 0;
  let lastChunk = 0;
  let pending = 0;
  const addSeries = adder('series');
  const addChunk = adder('chunks');
  target.exec('BEGIN IMMEDIATE');
  for (const [number, { key, text }] of series) {
    addSeries({ series: number, client_id: key[0], checksum: checksum(text), key: text });
  }
  for (const { row, tier, rows } of findChunks(source, findProgress(source, tell), series, tell)) {
    if (!addChunk(row)) continue;
    if (tier === 0) readings += rows;
    lastChunk = integerIn(row, 'chunk');
    pending += 1;
    if (pending < commitChunks) continue;
    target.exec('COMMIT');
    target.exec('PRAGMA wal_checkpoint(PASSIVE)');
    target.exec('BEGIN IMMEDIATE');
    pending = 0;
  }
  for (const [table, key] of [
    ['newest', 'client_id'],
    ['set_aside', 'block'],
  ] as const) {
    const add = adder(table);
    for (const row of rowsOf(source, { table, columns: tables[table].join(', '), key }, tell)) add(row);
  }
  const progress = { movedBlock: 0, lastChunk };
  target
    .prepare('INSERT INTO progress (id, moved_block, last_chunk, checksum) VALUES (1, ?, ?, ?)')
    .run(progress.movedBlock, progress.lastChunk, progressChecksum(progress));
  target.exec('COMMIT');
  return readings;
}
