import { chmodSync, chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { CodedError } from '../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../core/system-error.ts';

/** How long a change waits for one of the other program: the server's loop stands still meanwhile. */
const busyMsMax = 2_000;
const version = 1;

const tables = `
  CREATE TABLE account (
    name TEXT PRIMARY KEY COLLATE NOCASE, scope TEXT NOT NULL, password TEXT NOT NULL,
    created TEXT NOT NULL, password_changed TEXT NOT NULL, generation INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE api_token (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL, created TEXT NOT NULL, expires_ms INTEGER
  ) STRICT;
  CREATE TABLE audit (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, who TEXT NOT NULL, origin TEXT NOT NULL,
    action TEXT NOT NULL, target TEXT NOT NULL, details TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit_head (one INTEGER PRIMARY KEY CHECK (one = 1), lines INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  INSERT INTO audit_head VALUES (1, 0, '');
`;

/** The file of the data folder that has accounts, API tokens and the audit log. Beside it lie its `-wal` and `-shm` while a program has it open. */
export function accessFile(folder: string): string {
  return join(folder, 'access.db');
}

/** Opens it; undefined where there is none yet. */
export function openAccessFile(folder: string): Sqlite.DatabaseSync | undefined {
  const file = accessFile(folder);
  return existsSync(file) ? opened(file) : undefined;
}

/** Opens it, and makes it for its user alone where there is none. */
export function makeAccessFile(folder: string): Sqlite.DatabaseSync {
  const file = accessFile(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'wx', 0o600));
    leaveToOwner(file, folder);
    syncFolder(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw accessFailed(file, error);
  }
  return opened(file);
}

/** What to tell where the file fails: access-failed, unless it is told already. */
export function accessFailed(file: string, cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  const what = `${file} cannot be used (${reasonOf(cause)})`;
  return new CodedError(
    'access-failed',
    `${what}; see that this user may read and write it and that the disk has space, or restore it from a backup`,
    { cause },
  );
}

function opened(file: string): Sqlite.DatabaseSync {
  let database: Sqlite.DatabaseSync | undefined;
  try {
    const { DatabaseSync } = sqlite();
    database = new DatabaseSync(file, { timeout: busyMsMax });
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA trusted_schema = OFF;
    `);
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw accessFailed(file, error);
  }
}

function migrate(database: Sqlite.DatabaseSync, file: string): void {
  const found = versionOf(database);
  if (found === version) return;
  if (found > version) {
    throw new CodedError(
      'access-failed',
      `${file} was written by a later release; run that one, or restore a backup of this version`,
    );
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    // The other program may have been quicker.
    if (versionOf(database) === 0) database.exec(`${tables} PRAGMA user_version = ${version};`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: Sqlite.DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** An operator may be root, and the server is another user: the folder says which. */
function leaveToOwner(file: string, folder: string): void {
  chmodSync(file, 0o600);
  const owner = statSync(folder);
  if (statSync(file).uid !== owner.uid) chownSync(file, owner.uid, owner.gid);
}

function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch {
    // Windows opens no folders, and keeps their entries in a journal of its own.
    return;
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

const require = createRequire(import.meta.url);

/** Loaded when there is a file: a server on loopback without accounts does without. */
function sqlite(): typeof Sqlite {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- require knows no types, and there is no import that does not wait
  const loaded: typeof Sqlite = require('node:sqlite');
  return loaded;
}
