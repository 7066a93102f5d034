import { stat } from 'node:fs/promises';
import { systemErrorCode } from '../../core/system-error.ts';
import { databaseFile } from './database.ts';

/** What the database in that folder, its log and the log's index take together now. Rejects with the system's error where that cannot be seen. */
export async function bytesOfFiles(folder: string): Promise<number> {
  const sizes = await Promise.all(['', '-wal', '-shm'].map((ending) => sizeOf(`${databaseFile(folder)}${ending}`)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The log is there only while the database is open. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
