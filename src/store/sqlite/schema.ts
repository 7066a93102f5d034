import type { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../../core/coded-error.ts';
import { Damage } from './faults.ts';
import { integerIn } from './row.ts';

/** In the header of the file, so that a database of another program is not taken for ours. "TELH". */
const applicationId = 0x54454c48;

/**
 * A step to each version from the one before it. A step that was released is never changed: databases that were made with it are out there.
 *
 * Version 1. `blocks` grows at its end and has no index: readings are appended in order of arrival. Everything else is written once a segment,
 * or when a unit or an epoch is new.
 *
 * Version 2. `gaps` has the gaps of units: `to_ms` is null while one lasts, `stored_ms` is when it was written last, `fillable` 1 where late readings may fill it.
 *
 * Version 3. `chunks` has the readings that were moved out of `blocks`, and their roll-ups (chunks/); `progress` says how far moving has come, `dropped` until when chunks of a tier
 * are gone, `newest` the newest
 * reading of units whose segments are gone, and `set_aside` keeps blocks that could not be moved whole.
 *
 * Version 4. `machines` and `tokens`, by key and by id.
 *
 * Version 5. `events` has what happened to units, each unit's together; `number` tells those of one time apart, in their order.
 *
 * Version 6. The last two segments may be unsealed. A program that knows of one alone would forget the highest numbers of the other, and must not open it.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE units (
    number INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE segments (
    segment INTEGER PRIMARY KEY,
    first_block INTEGER NOT NULL,
    sealed INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE words (
    segment INTEGER NOT NULL,
    part INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (segment, part)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE blocks (
    block INTEGER PRIMARY KEY,
    stored_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE TABLE marks (
    client_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (client_id, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE presence (
    segment INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (segment, client_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE gaps (
    client_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER,
    fillable INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (client_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX gaps_by_age ON gaps (stored_ms) WHERE to_ms IS NOT NULL;
  `,
  `
  CREATE TABLE series (
    series INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX series_by_unit ON series (client_id);
  CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    summary BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE INDEX chunks_by_time ON chunks (series, tier, to_ms, from_ms);
  CREATE INDEX chunks_by_age ON chunks (tier, stored_ms);
  CREATE INDEX small_chunks ON chunks (series, tier, stored_ms) WHERE rows < 512;
  CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    moved_block INTEGER NOT NULL,
    last_chunk INTEGER NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE dropped (
    tier INTEGER PRIMARY KEY,
    through_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE newest (
    client_id TEXT PRIMARY KEY,
    to_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE set_aside (
    block INTEGER PRIMARY KEY,
    stored_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE machines (
    number INTEGER PRIMARY KEY,
    public_key TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE tokens (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE events (
    client_id TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    number INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (client_id, time_ms, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_age ON events (time_ms);
  `,
  // The tables stay as they are.
  '',
];

/** The version that this program writes. */
export const schemaVersion = migrations.length;

/** The version of the database; 0 where it is new. Throws where it is newer than this program, or another program's. */
export function versionOf(database: DatabaseSync, folder: string): number {
  const version = integerIn(database.prepare('PRAGMA user_version').get(), 'user_version');
  if (version > schemaVersion) {
    throw new CodedError(
      'store-too-new',
      `${folder}: the store is of version ${version}, and this program knows versions up to ${schemaVersion}; ` +
        'run the release that wrote it, or a later one, or restore a backup of this version',
    );
  }
  const application = integerIn(database.prepare('PRAGMA application_id').get(), 'application_id');
  const tables = integerIn(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get(), 'tables');
  if (tables > 0 && application !== applicationId) throw new Damage('the file is a database of another program');
  if (tables === 0 && version > 0) throw new Damage('the tables are gone');
  return version;
}

/** Whether a store that is only looked at, and stays of its version, has a table of gaps. */
export function storeHasGaps(database: DatabaseSync, folder: string): boolean {
  return versionOf(database, folder) >= 2;
}

/** The same of chunks. */
export function storeHasChunks(database: DatabaseSync, folder: string): boolean {
  return versionOf(database, folder) >= 3;
}

/** The same of machines and join tokens. */
export function storeHasMachines(database: DatabaseSync, folder: string): boolean {
  return versionOf(database, folder) >= 4;
}

/** The same of what happened to units. */
export function storeHasEvents(database: DatabaseSync, folder: string): boolean {
  return versionOf(database, folder) >= 5;
}

/** Brings the database to this program's version, all of it or nothing. */
export function migrate(database: DatabaseSync, folder: string): void {
  const from = versionOf(database, folder);
  if (from === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  for (const step of migrations.slice(from)) database.exec(step);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
}
