import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainFile, pageRoot } from './page-folder.ts';

export interface SmallFile {
  readonly content: Buffer;
  /** Of its content: packages give their files one date, and a page that was built anew often has its former size. */
  readonly tag: string;
}

/** A file of the page as it is now, whole; undefined where there is none. */
export async function readSmallFile(folder: string, name: string): Promise<SmallFile | undefined> {
  const root = await pageRoot(folder);
  if (root === undefined || !(await isPlainFile(root, name))) return undefined;
  const content = await readFile(join(root, name));
  return { content, tag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
}
