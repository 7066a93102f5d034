import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemErrorCode } from '../../core/system-error.ts';
import { migrate, versionOf } from './schema.ts';

/** The database in the store's folder. Beside it lie `telemetry.db-wal` and `-shm` while a program has it open. */
export function databaseFile(folder: string): string {
  return join(folder, 'telemetry.db');
}

/**
 * Bytes of a page. A commit writes whole pages, and most commits are small: with 4,096 a reading in a commit of fifty costs 350 written bytes
 * instead of 230.
 */
export const pageBytes = 1_024;

/**
 * Opens the store's database for writing, makes it where there is none, and brings it to this program's version. The folder is the user's alone,
 * and so are the files in it: SQLite gives the log and its index the mode of the database.
 */
export function openForWriting(folder: string): DatabaseSync {
  const file = databaseFile(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (makePrivateFile(file)) {
    syncFolder(folder);
    syncFolder(dirname(folder));
  }
  return prepareForWriting(new DatabaseSync(file, { timeout: 5_000 }), folder);
}

/** Takes up a connection for writing, and brings its database to this program's version. Closes it where that fails. */
export function prepareForWriting(database: DatabaseSync, folder: string): DatabaseSync {
  try {
    // Before anything is written: a store that is not for this program stays as it is.
    versionOf(database, folder);
    // The first two are for a new database, and have no effect on another. Checkpoints are the writer's to choose. On macOS only F_FULLFSYNC reaches the disk.
    database.exec(`
      PRAGMA page_size = ${pageBytes};
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA checkpoint_fullfsync = ON;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA trusted_schema = OFF;
    `);
    migrate(database, folder);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the database for reading alone; throws where there is none. A running server is not disturbed. */
export function openForReading(folder: string): DatabaseSync {
  return new DatabaseSync(databaseFile(folder), { readOnly: true, timeout: 5_000 });
}

/** True where it was made just now; for its user alone. */
export function makePrivateFile(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Makes the names of new files in it survive a loss of power. */
export function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch (error) {
    // Windows opens no folders, and keeps their entries in a journal of its own.
    if (systemErrorCode(error) === 'EISDIR' || systemErrorCode(error) === 'EPERM') return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // As above, or a file system whose folders cannot be synced.
    if (systemErrorCode(error) !== 'EPERM' && systemErrorCode(error) !== 'EINVAL') throw error;
  } finally {
    closeSync(descriptor);
  }
}
