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
  gapNumber: 'SELECT ifnull(max(number), 0) AS number FROM gaps',
  lastGaps: `SELECT checksum, record FROM (
      SELECT client_id, number, to_ms, fillable, checksum, record,
        row_number() OVER (PARTITION BY client_id, fillable ORDER BY number DESC) AS place FROM gaps
    ) WHERE to_ms IS NULL OR (fillable = 1 AND place <= ?) ORDER BY client_id, number`,
  newestPresences: 'SELECT client_id, to_ms FROM presence WHERE from_ms <= to_ms ORDER BY segment DESC LIMIT ?',
  countUnits: 'SELECT count(*) AS units FROM units',
  units: 'SELECT client_id, checksum, record FROM units ORDER BY number',
  addSegment: 'INSERT INTO segments (segment, first_block, sealed) VALUES (?, ?, 0)',
  sealSegment: 'UPDATE segments SET sealed = 1 WHERE segment = ?',
  lastSegment: 'SELECT segment, first_block, sealed FROM segments ORDER BY segment DESC LIMIT 1',
  addWords: 'INSERT INTO words (segment, part, checksum, text) VALUES (?, ?, ?, ?)',
  words: 'SELECT part, checksum, text FROM words WHERE segment = ? ORDER BY part',
  addBlock: 'INSERT INTO blocks (block, stored_ms, readings, checksum, data) VALUES (?, ?, ?, ?, ?)',
  lastBlock: 'SELECT ifnull(max(block), 0) AS block FROM blocks',
  blocksFrom: 'SELECT block, checksum, data FROM blocks WHERE block >= ? ORDER BY block',
  mark: 'SELECT seq, checksum FROM marks WHERE client_id = ? AND epoch = ?',
  setMark: `INSERT INTO marks (client_id, epoch, seq, segment, checksum) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (client_id, epoch)
    DO UPDATE SET seq = excluded.seq, segment = excluded.segment, checksum = excluded.checksum`,
  addPresence: 'INSERT INTO presence (segment, client_id, from_ms, to_ms) VALUES (?, ?, ?, ?)',
  pageCount: 'PRAGMA page_count',
  freePages: 'PRAGMA freelist_count',
  checkpoint: 'PRAGMA wal_checkpoint(PASSIVE)',
  oldestBlocks: 'SELECT block, stored_ms, readings, length(data) AS bytes FROM blocks ORDER BY block LIMIT ?',
  /** What was stored after a block and not in the future. */
  storedAfter: 'SELECT stored_ms FROM blocks WHERE block > ? AND stored_ms <= ? ORDER BY block LIMIT 1',
  dropBlocks: 'DELETE FROM blocks WHERE block <= ?',
  firstSegments: 'SELECT segment, first_block, sealed FROM segments ORDER BY segment LIMIT 2',
  presentUnits: 'SELECT client_id FROM presence WHERE segment = ?',
  lastMarkedSegment: 'SELECT max(segment) AS segment FROM marks WHERE client_id = ?',
  dropMarks: 'DELETE FROM marks WHERE client_id = ?',
  dropPresence: 'DELETE FROM presence WHERE segment = ?',
  dropWords: 'DELETE FROM words WHERE segment = ?',
  dropSegment: 'DELETE FROM segments WHERE segment = ?',
} as const;

/** What the writer asks its database, prepared once a connection. */
export type Statements = Readonly<Record<keyof typeof texts, StatementSync>>;

export function prepareStatements(database: DatabaseSync): Statements {
  const prepared = Object.entries(texts).map(([name, text]) => [name, database.prepare(text)] as const);
  return Object.fromEntries(prepared) as Statements;
}
