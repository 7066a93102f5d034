import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFile } from './database.ts';
import { inUse, sqliteCodeOf } from './faults.ts';

/** SQLITE_BUSY */
const busy = 5;

/**
 * Makes this process the only server of the store in `folder`, until the result is called or the process ends, however it ends. Two servers would
 * each remember the highest numbers by themselves, and store a reading twice.
 */
export function ownStore(folder: string): () => void {
  const file = join(folder, 'telemetry.lock');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  makePrivateFile(file);
  // SQLite's own lock on an empty database: it works alike on all systems, and the system lets go of it when the process dies.
  const lock = new DatabaseSync(file);
  try {
    // Nothing is ever written to it: it needs no journal beside it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw sqliteCodeOf(error) === busy ? inUse(error, folder) : error;
  }
  return () => {
    lock.close();
  };
}
