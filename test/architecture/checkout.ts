import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Texts by their path from the top of the checkout, with slashes. */
export type Texts = ReadonlyMap<string, string>;

/** Where the checkout is on this machine, without a slash at its end. */
export const checkoutPath = fileURLToPath(new URL('../../', import.meta.url)).slice(0, -1);

/** Every text file of the checkout but what `.gitignore` leaves out. Files with a NUL byte are no text. */
export function readCheckout(): Texts {
  const texts = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(checkoutPath, folder), { withFileTypes: true })) {
      if (leftOut.has(entry.name) || entry.name.endsWith('.tgz')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      if (!entry.isFile()) continue;
      const text = readFileSync(join(checkoutPath, path), 'utf8');
      if (!text.includes('\0')) texts.set(path, text);
    }
  };
  visit('');
  return texts;
}

const leftOut: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** The TypeScript files below `src/`. */
export function sourcesOf(texts: Texts): Texts {
  return new Map([...texts].filter(([path]) => path.startsWith('src/') && path.endsWith('.ts')));
}
