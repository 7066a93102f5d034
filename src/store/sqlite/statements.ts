import type { DatabaseSync, StatementSync } from 'node:sqlite';

const texts = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  addUnit: `INSERT INTO units (client_id, checksum, record) VALUES (?, ?, ?)
    ON CONFLICT (client_id) DO UPDATE SET checksum = excluded.checksum, record = excluded.record`,
  setGap: `INSERT INTO gaps (client_id, number, stored_ms, from_ms, to_ms, fillable, checksum, record)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (client_id, number) DO UPDATE SET stored_ms = excluded.stored_ms, from_ms = excluded.from_ms,
    to_ms = excluded.to_ms, fillable = excluded.fillable, checksum = excluded.checksum, record = excluded.record`,
  removeGap: 'DELETE FROM gaps WHERE client_id = ? AND number = ?',
  /** Of a unit those that have ended, but for so many as it may have. */
  dropMoreGaps: `DELETE FROM gaps WHERE client_id = ?1 AND to_ms IS NOT NULL AND number <= (
    SELECT number FROM gaps WHERE client_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)`,
  oldGaps: 'SELECT client_id, number FROM gaps WHERE to_ms IS NOT NULL AND stored_ms < ? ORDER BY stored_ms LIMIT ?',
  /** Unless it is there: what a commit that failed has stored after all comes again. */
  addEvent: `INSERT INTO events (client_id, time_ms, number, checksum, record)
    SELECT ?1, ?2, (SELECT ifnull(max(number), 0) + 1 FROM events WHERE client_id = ?1 AND time_ms = ?2), ?3, ?4
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE client_id = ?1 AND time_ms = ?2 AND record = ?4)`,
  /** Of a unit, but for the newest so many. */
  dropMoreEvents: `DELETE FROM events WHERE client_id = ?1 AND (time_ms, number) <= (
    SELECT time_ms, number FROM events WHERE client_id = ?1 ORDER BY time_ms DESC, number DESC LIMIT 1 OFFSET ?2)`,
  oldEvents: 'SELECT client_id, time_ms, number FROM events WHERE time_ms < ? ORDER BY time_ms LIMIT ?',
  removeEvent: 'DELETE FROM events WHERE client_id = ? AND time_ms = ? AND number = ?',
  gapNumber: 'SELECT ifnull(max(number), 0) AS number FROM gaps',
  lastGaps: `SELECT checksum, record FROM (
      SELECT client_id, number, to_ms, fillable, checksum, record,
        row_number() OVER (PARTITION BY client_id, fillable ORDER BY number DESC) AS place FROM gaps
    ) WHERE to_ms IS NULL OR (fillable = 1 AND place <= ?) ORDER BY client_id, number`,
  newestPresences: 'SELECT client_id, to_ms FROM presence WHERE from_ms <= to_ms ORDER BY segment DESC LIMIT ?',
  countUnits: 'SELECT count(*) AS units FROM units',
  units: 'SELECT client_id, checksum, record FROM units ORDER BY number',
  setMachine: `INSERT INTO machines (public_key, checksum, record) VALUES (?, ?, ?)
    ON CONFLICT (public_key) DO UPDATE SET checksum = excluded.checksum, record = excluded.record`,
  removeMachine: 'DELETE FROM machines WHERE public_key = ?',
  machines: 'SELECT public_key AS key, checksum, record FROM machines ORDER BY number',
  setToken: `INSERT INTO tokens (id, checksum, record) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum, record = excluded.record`,
  removeToken: 'DELETE FROM tokens WHERE id = ?',
  tokens: 'SELECT id AS key, checksum, record FROM tokens ORDER BY number',
  addSegment: 'INSERT INTO segments (segment, first_block, sealed) VALUES (?, ?, 0)',
  sealSegment: 'UPDATE segments SET sealed = 1 WHERE segment = ?',
  lastSegments: 'SELECT segment, first_block, sealed FROM segments ORDER BY segment DESC LIMIT 2',
  addWords: 'INSERT INTO words (segment, part, checksum, text) VALUES (?, ?, ?, ?)',
  words: 'SELECT part, checksum, text FROM words WHERE segment = ? ORDER BY part',
  addBlock: 'INSERT INTO blocks (block, stored_ms, readings, checksum, data) VALUES (?, ?, ?, ?, ?)',
  lastBlock: 'SELECT ifnull(max(block), 0) AS block FROM blocks',
  blocksFrom: 'SELECT block, checksum, data FROM blocks WHERE block >= ? ORDER BY block',
  mark: 'SELECT seq, checksum FROM marks WHERE client_id = ? AND epoch = ?',
  setMark: `INSERT INTO marks (client_id, epoch, seq, segment, checksum) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (client_id, epoch)
    DO UPDATE SET seq = excluded.seq, segment = excluded.segment, checksum = excluded.checksum`,
  addPresence: 'INSERT OR REPLACE INTO presence (segment, client_id, from_ms, to_ms) VALUES (?, ?, ?, ?)',
  pageCount: 'PRAGMA page_count',
  freePages: 'PRAGMA freelist_count',
  checkpoint: 'PRAGMA wal_checkpoint(PASSIVE)',
  oldestBlocks:
    'SELECT block, stored_ms, readings, length(data) AS bytes FROM blocks WHERE block > ? ORDER BY block LIMIT ?',
  /** What was stored after a block and not in the future. */
  storedAfter: 'SELECT stored_ms FROM blocks WHERE block > ? AND stored_ms <= ? ORDER BY block LIMIT 1',
  dropBlocks: 'DELETE FROM blocks WHERE block <= ?',
  firstSegments: 'SELECT segment, first_block, sealed FROM segments ORDER BY segment LIMIT 2',
  presentUnits: 'SELECT client_id, from_ms, to_ms FROM presence WHERE segment = ? LIMIT ?',
  lastMarkedSegment: 'SELECT max(segment) AS segment FROM marks WHERE client_id = ?',
  dropMarks: 'DELETE FROM marks WHERE client_id = ?',
  dropPresence: 'DELETE FROM presence WHERE segment = ? AND client_id = ?',
  dropWords: 'DELETE FROM words WHERE segment = ?',
  dropSegment: 'DELETE FROM segments WHERE segment = ?',
  setNewest: `INSERT INTO newest (client_id, to_ms) VALUES (?, ?)
    ON CONFLICT (client_id) DO UPDATE SET to_ms = excluded.to_ms`,
  newest: 'SELECT client_id, to_ms FROM newest',
  progress: 'SELECT moved_block, last_chunk, checksum FROM progress',
  setProgress: `INSERT INTO progress (id, moved_block, last_chunk, checksum) VALUES (1, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET moved_block = excluded.moved_block, last_chunk = excluded.last_chunk,
    checksum = excluded.checksum`,
  lastChunk: 'SELECT ifnull(max(chunk), 0) AS chunk FROM chunks',
  series: 'SELECT series FROM series WHERE key = ?',
  addSeries: 'INSERT INTO series (client_id, checksum, key) VALUES (?, ?, ?)',
  addChunk: `INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  setDropped: `INSERT INTO dropped (tier, through_ms) VALUES (?, ?)
    ON CONFLICT (tier) DO UPDATE SET through_ms = max(through_ms, excluded.through_ms)`,
  droppedThrough: 'SELECT through_ms FROM dropped WHERE tier = ?',
  hasChunk: 'SELECT 1 AS found FROM chunks WHERE chunk = ?',
  dropChunk: 'DELETE FROM chunks WHERE chunk = ?',
  unfinishedChunks: 'SELECT chunk FROM chunks WHERE chunk > ? LIMIT ?',
  setAside: `INSERT OR REPLACE INTO set_aside (block, stored_ms, readings, checksum, data)
    SELECT block, stored_ms, readings, checksum, data FROM blocks WHERE block = ?`,
  dropSetAside: 'DELETE FROM set_aside WHERE stored_ms < ?',
  oldChunks: `SELECT chunk, series, rows, to_ms, stored_ms, length(summary) + length(data) AS bytes FROM chunks
    WHERE tier = ? AND chunk <= ? ORDER BY stored_ms, chunk LIMIT ?`,
  unitOfSeries: 'SELECT client_id FROM series WHERE series = ?',
  /** From the unit to its series to their chunks: in the other order it would look through all chunks. */
  chunkOfUnit: `SELECT 1 AS found FROM series CROSS JOIN chunks INDEXED BY chunks_by_time
    ON chunks.series = series.series AND chunks.tier = 0 WHERE series.client_id = ? LIMIT 1`,
  presenceOfUnit: 'SELECT 1 AS found FROM presence WHERE client_id = ? LIMIT 1',
} as const;

/** What the writer asks its database, prepared once a connection. */
export type Statements = Readonly<Record<keyof typeof texts, StatementSync>>;

export function prepareStatements(database: DatabaseSync): Statements {
  const prepared = Object.entries(texts).map(([name, text]) => [name, database.prepare(text)] as const);
  return Object.fromEntries(prepared) as Statements;
}
