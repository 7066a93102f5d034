import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { smallRows } from '../chunks/merge.ts';
import { joinedMs } from '../chunks/tier.ts';
import { SegmentWords } from '../segment-words.ts';
import { WantedWords } from '../wanted-words.ts';

/** In SQL. */
const joinedMsOfTier = `(CASE tier ${joinedMs.map((ms, tier) => `WHEN ${tier} THEN ${ms}`).join(' ')} END)`;

const texts = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  progress: 'SELECT moved_block, last_chunk, checksum FROM progress',
  lastBlock: 'SELECT ifnull(max(block), 0) AS block FROM blocks',
  segments: 'SELECT segment, first_block, sealed FROM segments ORDER BY segment',
  presence: 'SELECT from_ms, to_ms FROM presence WHERE segment = ? AND client_id = ?',
  blockFrom: 'SELECT block, checksum, data FROM blocks WHERE block >= ? AND block <= ? ORDER BY block LIMIT 1',
  wordsFrom: 'SELECT part, checksum, text FROM words WHERE segment = ? AND part >= ? ORDER BY part',
  held: `SELECT ifnull(sum(readings), 0) AS readings, ifnull(min(stored_ms), 0) AS oldest_ms,
    ifnull(max(stored_ms), 0) AS newest_ms FROM blocks WHERE block >= ? AND block <= ?`,
  series: 'SELECT series, checksum, key FROM series WHERE client_id = ?',
  lastSeries: 'SELECT ifnull(max(series), 0) AS series FROM series',
  seriesKey: 'SELECT key FROM series WHERE series = ?',
  chunksBetween: `SELECT chunk, from_ms, to_ms FROM chunks
    WHERE series = ? AND tier = ? AND to_ms >= ? AND from_ms < ? AND chunk <= ?`,
  chunk: 'SELECT series, tier, rows, from_ms, to_ms, checksum, summary, data FROM chunks WHERE chunk = ?',
  hasTier: 'SELECT 1 AS found FROM chunks WHERE series = ? AND tier = ? AND chunk <= ? LIMIT 1',
  droppedThrough: 'SELECT through_ms FROM dropped WHERE tier = ?',
  crowded: `SELECT series, tier, stored_ms / ${joinedMsOfTier} AS stretch FROM chunks INDEXED BY small_chunks
    WHERE rows < ${smallRows} AND chunk <= ? GROUP BY series, tier, stretch HAVING count(*) >= ? LIMIT ?`,
  small: `SELECT chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data FROM chunks
    WHERE rows < ${smallRows} AND series = ? AND tier = ? AND stored_ms >= ? AND stored_ms < ? AND chunk <= ?
    ORDER BY chunk LIMIT ?`,
  gaps: `SELECT checksum, record FROM gaps
    WHERE client_id = ? AND from_ms < ? AND (to_ms IS NULL OR to_ms >= ?) ORDER BY number`,
  events: `SELECT client_id, time_ms, checksum, record FROM (
      SELECT * FROM events WHERE client_id = ? ORDER BY time_ms DESC, number DESC LIMIT ?
    ) WHERE time_ms >= ? AND time_ms < ? ORDER BY time_ms, number`,
} as const;

/** What the reader asks its database, prepared once a connection. */
export type ReaderStatements = Readonly<Record<keyof typeof texts, StatementSync>>;

/** The database while it is open for reading. */
export interface ReaderConnection {
  readonly database: DatabaseSync;
  readonly statements: ReaderStatements;
  readonly words: SegmentWords;
  readonly wanted: WantedWords;
}

export function connectReader(database: DatabaseSync): ReaderConnection {
  const prepared = Object.entries(texts).map(([name, text]) => [name, database.prepare(text)] as const);
  const statements = Object.fromEntries(prepared) as ReaderStatements;
  return { database, statements, words: new SegmentWords(statements.wordsFrom), wanted: new WantedWords() };
}

/** Runs a task that sees one state of the database from its beginning to its end. */
export function atOneMoment<Result>({ database, statements }: ReaderConnection, task: () => Result): Result {
  statements.begin.run();
  try {
    return task();
  } finally {
    // After an error of SQLite's the transaction may have ended with it.
    if (database.isTransaction) statements.commit.run();
  }
}
