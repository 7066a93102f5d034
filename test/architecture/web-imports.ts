import { dirname, join } from 'node:path/posix';
import type { Texts } from './checkout.ts';

/** What the dashboard may know of `src/`: the API and the words that all share. */
const allowed = ['src/api/', 'src/core/'];
const specifiers = /(?:from|import)\s+'(\.[^']*)'/g;

/** The dashboard's sources. */
export function webSourcesOf(texts: Texts): Texts {
  return new Map([...texts].filter(([path]) => /^web\/.*\.tsx?$/.test(path)));
}

/** Imports of the dashboard's files by which it would know more of the server than its API says. */
export function webImportFaults(sources: Texts): readonly string[] {
  return [...sources].flatMap(([path, text]) =>
    [...text.matchAll(specifiers)].flatMap(([, specifier = '']) => {
      const target = join(dirname(path), specifier);
      if (target.startsWith('web/') || allowed.some((folder) => target.startsWith(folder))) return [];
      return [`${path}: web may not import ${specifier}`];
    }),
  );
}
