import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { interfaces, programs, threads } from '../../tools/entries.ts';

const sourceFolder = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: path.slice(0, -'.ts'.length), text: readFileSync(`${sourceFolder}/${path}`, 'utf8') }));
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};

describe('what the build makes files of', () => {
  test('is each program of package.json, and each interface', () => {
    expect(programs.map((path) => `dist/${path}.js`).toSorted()).toEqual(Object.values(manifest.bin).toSorted());
    const exported = Object.values(manifest.exports).flatMap((one) => (typeof one === 'string' ? [] : [one.default]));
    expect(interfaces.map((path) => `./dist/${path}.js`)).toEqual(exported);
  });

  test('is each module that a thread begins with, all of which have names of their own', () => {
    const begun = sources.filter(({ text }) =>
      /^import .*\b(?:parentPort|workerData)\b.* from 'node:worker_threads'/m.test(text),
    );
    const found = begun.map(({ path }) => path).filter((path) => path.endsWith('-thread'));
    expect(threads.toSorted()).toEqual(found.toSorted());
    expect(found).not.toEqual([]);
    expect(new Set(threads.map((path) => basename(path))).size).toBe(threads.length);
  });

  // In `dist` all modules lie in one folder below it: from another depth than one the same words would mean another place.
  test.each(
    sources.flatMap(({ path, text }) =>
      [...text.matchAll(/new URL\((.+?), import\.meta\.url\)/g)].map(([, place]) => [path, place ?? ''] as const),
    ),
  )('finds the same from %s and from dist/bin: %s', (path, place) => {
    if (/^`\.\/[^/]+`$/.test(place)) return;
    expect(place).toMatch(/^'\.\.\/\.\.\/\w[\w./-]*'$/);
    expect(path.split('/')).toHaveLength(2);
  });
});
