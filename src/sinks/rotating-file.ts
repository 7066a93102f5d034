import { once } from 'node:events';
import { accessSync, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { CodedError } from '../core/coded-error.ts';

export interface RotatingFileOptions {
  readonly path: string;
  /** From this size on the file is moved to `path.1`, `path.1` to `path.2`, and so on, after the write that reached it. */
  readonly bytesMax: number;
  /** Moved files that are kept, at least 1. */
  readonly filesMax: number;
}

/**
 * A stream that appends to a file and rotates it. Whatever can be found wrong with the file is found here: it rejects with
 * `log-file-unwritable` (exit code 2) instead of failing at the first line or the first rotation. The folder is not made, since a
 * mistyped one would be too.
 */
export async function openRotatingFile({ path, bytesMax, filesMax }: RotatingFileOptions): Promise<Writable> {
  try {
    const endsTorn = checkFile(path);
    // Loaded here and not above: only a program with a log file pays for it.
    const { createStream } = await import('rotating-file-stream');
    const stream = createStream(path, { size: `${bytesMax}B`, rotate: filesMax, mode: fileMode });
    // Rejects with the stream's error, if that comes first.
    await once(stream, 'open');
    if (endsTorn) stream.write('\n');
    return stream;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodedError(
      'log-file-unwritable',
      `log file ${path} cannot be written: ${reason}; make its folder, let the user of this program write there, or choose another file`,
      { exitCode: 2, cause: error },
    );
  }
}

/** Names of units and addresses are nobody else's business. */
const fileMode = 0o640;

/** Throws where the file cannot be written or rotated; says whether it ends within a line, as a crash or a full disk leaves it. */
function checkFile(path: string): boolean {
  accessSync(dirname(path), constants.W_OK | constants.X_OK);
  const descriptor = openSync(path, 'a+', fileMode);
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString('latin1') !== '\n';
  } finally {
    closeSync(descriptor);
  }
}
