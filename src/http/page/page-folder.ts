import { lstat, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { systemErrorCode } from '../../core/system-error.ts';

/** Where the folder really is: package managers link to it. Undefined where there is none. */
export async function pageRoot(folder: string): Promise<string | undefined> {
  return unlessMissing(realpath(folder));
}

/** Whether `name` below `root`, as `pageRoot` has it, is a file, called just so, and no link: neither itself nor a folder on the way. */
export async function isPlainFile(root: string, name: string): Promise<boolean> {
  const path = join(root, name);
  const real = await unlessMissing(realpath(path));
  return real === path && (await lstat(path)).isFile();
}

/** Throws where `path` leads out of `root`, or is no file of it: somebody has put it there who is not the build. */
export async function expectPlainFile(root: string, path: string): Promise<void> {
  const whole = resolve(path);
  const isInside = whole.startsWith(root + sep);
  if (isInside && (await isPlainFile(root, whole.slice(root.length + 1)))) return;
  throw new Error(`${whole} is no plain file of the page; npm run build:web makes the page anew`);
}

async function unlessMissing<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
