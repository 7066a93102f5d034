import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodedError } from '../core/coded-error.ts';
import { systemErrorCode } from '../core/system-error.ts';

/** Makes `folder` for its user alone where it is missing, and sees that it can be written to. `flag` is how to choose another. */
export function preparePrivateFolder(folder: string, flag: string): void {
  try {
    // Others pass through what is above it on the way to folders of their own: the server's and the client's stand side by side.
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = systemErrorCode(cause);
    const what = code === 'EEXIST' || code === 'ENOTDIR' ? 'is no folder' : 'cannot be written to';
    throw new CodedError(
      'folder-unwritable',
      `${folder} ${what} (${code ?? 'unknown error'}); give this user the right to, or choose another with ${flag}`,
      { exitCode: 1, cause },
    );
  }
}
