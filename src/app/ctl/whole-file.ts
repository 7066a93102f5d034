import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';

/**
 * Writes a file in place of the one that is there, so that whoever serves it never sees half of one, whatever happens. A symbolic link stays one. What is no file,
 * such as a pipe, is written to as it is. Throws CodedError `page-not-written`.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    // Where there is nothing yet, it is its own.
    const file = await realpath(path).catch(() => path);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && !found.isFile()) await writeFile(file, text);
    else await replace(file, text, found?.mode);
  } catch (cause) {
    throw new CodedError('page-not-written', `Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

async function replace(file: string, text: string, mode: number | undefined): Promise<void> {
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: 'wx', flush: true, ...(mode !== undefined && { mode: mode & 0o777 }) });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
