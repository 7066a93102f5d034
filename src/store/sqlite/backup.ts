import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { backup } from 'node:sqlite';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import { makePrivateFile, syncFolder } from './database.ts';
import { storeFault } from './faults.ts';
import { openForInspection } from './inspection.ts';

/** Pages that are copied at once; so much is held in memory, and no lock between. */
const pagesAStep = 4_096;

/**
 * Copies the store in `folder` as it is now into a new file, for its user alone; a server may run on it and is not held up, but its log on disk grows until
 * the copy is done. Put as `telemetry.db` into an empty folder, the file is that store. Resolves with its bytes when they are on the disk. Rejects with
 * `store-missing`, `store-too-new`, `store-exists` where there is such a file, and with what keeps it from being written; then no file is left.
 */
export async function backupStore(folder: string, file: string): Promise<{ readonly bytes: number }> {
  const source = openForInspection(folder);
  try {
    prepare(file);
    try {
      // The inspection holds on to its moment: without that the copy would begin anew with each commit of the server.
      await backup(source, file, { rate: pagesAStep });
      sync(file);
      return { bytes: statSync(file).size };
    } catch (error) {
      rmSync(file, { force: true });
      throw storeFault(error, dirname(resolve(file)));
    }
  } finally {
    source.close();
  }
}

function prepare(file: string): void {
  let made: boolean;
  try {
    made = makePrivateFile(file);
  } catch (error) {
    throw new CodedError('output-failed', `${file}: it cannot be written (${reasonOf(error)}); choose another file`, {
      cause: error,
    });
  }
  if (!made) throw new CodedError('store-exists', `${file}: there is such a file already; choose another name`);
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncFolder(dirname(resolve(file)));
}
