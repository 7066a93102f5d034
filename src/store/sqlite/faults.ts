import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';

/** The database says something that it cannot say unless it is damaged. */
export class Damage extends Error {}

/** SQLite's result codes, the lower byte of `errcode`: https://sqlite.org/rescode.html */
const codes = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  error: 1,
  constraint: 19,
  full: 13,
  cannotOpen: 14,
  noDatabase: 26,
};

/** With less than this a page of the log or of its index cannot be added, and SQLite may call that an input or output error. */
const freeBytesMin = 64 * 1024;

/**
 * What a failure of the store in `folder` is for people. What is neither SQLite's nor the system's is our own fault and is returned as
 * it is.
 */
export function storeFault(error: unknown, folder: string): unknown {
  if (error instanceof CodedError) return error;
  if (error instanceof Damage) return corrupt(error, folder);
  const sqliteCode = sqliteCodeOf(error);
  if (sqliteCode === undefined) return systemFault(error, folder);
  switch (sqliteCode) {
    case codes.full:
      return full(error, folder);
    case codes.readOnly:
    case codes.permission:
      return readOnly(error, folder);
    case codes.corrupt:
    case codes.noDatabase:
    // Of statements that never change: a format that SQLite does not know, tables that are not as they were made, rows that are there already.
    case codes.error:
    case codes.constraint:
      return corrupt(error, folder);
    case codes.busy:
    case codes.locked:
      return inUse(error, folder);
    case codes.cannotOpen:
    case codes.inputOutput:
      if (isFull(folder)) return full(error, folder);
      return isWritable(folder) ? broken(error, folder) : readOnly(error, folder);
    default:
      return error;
  }
}

/** SQLite's result code without its details; undefined where the error is not SQLite's. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (systemErrorCode(error) !== 'ERR_SQLITE_ERROR') return undefined;
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code % 256 : undefined;
}

export function inUse(cause: unknown, folder: string): CodedError {
  return new CodedError(
    'store-in-use',
    `${folder}: another telemetry-server uses this store; end it, or choose another --data-dir`,
    {
      cause,
    },
  );
}

function systemFault(error: unknown, folder: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return full(error, folder);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return readOnly(error, folder);
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOENT':
    case 'ENOTDIR':
      return broken(error, folder);
    default:
      return error;
  }
}

function full(cause: unknown, folder: string): CodedError {
  return new CodedError(
    'store-full',
    `${folder}: the disk is full; free some space, or set store.budget to what the disk can hold`,
    { cause },
  );
}

function readOnly(cause: unknown, folder: string): CodedError {
  return new CodedError(
    'store-read-only',
    `${folder}: the store cannot be written to (${reasonOf(cause)}); mount it for writing, or give this user the right to write there`,
    { cause },
  );
}

function broken(cause: unknown, folder: string): CodedError {
  return new CodedError(
    'store-io-failed',
    `${folder}: the disk does not do what it is asked (${reasonOf(cause)}); look into the system's log for what is wrong with it`,
    { cause },
  );
}

function corrupt(cause: unknown, folder: string): CodedError {
  // The store is a folder of the server's data folder; whoever reads this may have another default for that than the server.
  const dataDir = dirname(folder);
  const flag = `--data-dir ${/^[\w./:\\-]+$/.test(dataDir) ? dataDir : `"${dataDir}"`}`;
  return new CodedError(
    'store-corrupt',
    `${folder}: the store is damaged (${reasonOf(cause)}); nothing was changed. \`telemetryctl store check ${flag}\` tells what is damaged, ` +
      `\`telemetryctl store salvage ${flag}\` puts what can be read into a new store and keeps this one`,
    { cause },
  );
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < freeBytesMin;
  } catch {
    // The folder itself is not to be had; then it is not the space that lacks.
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    // Where it is not even there, its rights are not what is wrong.
    return systemErrorCode(error) !== 'EROFS' && systemErrorCode(error) !== 'EACCES';
  }
}
