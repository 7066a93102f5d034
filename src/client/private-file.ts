import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import { systemErrorCode } from '../core/system-error.ts';

export interface PrivateFileOptions {
  /** Whether a file that is there gives way; if not, it stays as it is. */
  readonly replace: boolean;
  /** A few random letters, so that two that write at a time do not write into one file. */
  readonly mark: string;
}

/** What file systems say that have no second names for a file. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Writes a file that its user alone may read, whole or not at all; when this returns it survives a loss of power. Whoever writes it as root gives
 * it to the user of the folder, whose program is to read it. Answers whether it was written; throws the system's error.
 */
export function writePrivateFile(path: string, text: string, { replace, mark }: PrivateFileOptions): boolean {
  const partial = `${path}.${mark}.partial`;
  const file = openSync(partial, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    giveToOwnerOf(dirname(path), file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const isWritten = replace ? replaceBy(partial, path) : addAs(partial, path);
  syncFolder(dirname(path));
  return isWritten;
}

function replaceBy(partial: string, path: string): true {
  renameSync(partial, path);
  return true;
}

/** A second name fails where the first is taken; renaming would not. */
function addAs(partial: string, path: string): boolean {
  try {
    linkSync(partial, path);
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (withoutLinks.has(code)) return replaceBy(partial, path);
    unlinkSync(partial);
    if (code === 'EEXIST') return false;
    throw error;
  }
  unlinkSync(partial);
  return true;
}

function giveToOwnerOf(folder: string, file: number): void {
  const { uid, gid } = statSync(folder);
  if (uid === fstatSync(file).uid) return;
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    // Only root may; for others the folder is one that several users write to, and the file is theirs who made it.
    if (systemErrorCode(error) !== 'EPERM') throw error;
  }
}

function syncFolder(folder: string): void {
  // Windows opens no folders, and needs none of this.
  if (sep === '\\') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
