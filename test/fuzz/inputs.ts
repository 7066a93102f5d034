import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const corpusFolder = fileURLToPath(new URL('corpus', import.meta.url));
const foundFolder = fileURLToPath(new URL('found', import.meta.url));

/** The inputs that every run begins with, by their names: what fell once, and what leads far. */
export function keptInputs(target: string): readonly Uint8Array[] {
  const folder = join(corpusFolder, target);
  return namesIn(folder).map((name) => readFileSync(join(folder, name)));
}

/** Writes an input that fell to found/; answers the file, from the top of the checkout. */
export function writeFound(target: string, input: Uint8Array): string {
  mkdirSync(foundFolder, { recursive: true });
  const name = `${target}-${hashOf(input)}`;
  writeFileSync(join(foundFolder, name), input);
  return `test/fuzz/found/${name}`;
}

/** Puts an input among the kept ones; answers the file, from the top of the checkout. */
export function keep(target: string, input: Uint8Array): string {
  mkdirSync(join(corpusFolder, target), { recursive: true });
  const name = hashOf(input);
  writeFileSync(join(corpusFolder, target, name), input);
  return `test/fuzz/corpus/${target}/${name}`;
}

/** An input in found/, and the target that its name begins with. */
export function readFound(file: string): { readonly target: string; readonly input: Uint8Array } {
  const [, target] = /^(.+)-[0-9a-f]{12}$/.exec(basename(file)) ?? [];
  if (target === undefined) throw new Error(`${file} is not called TARGET-HASH; give a file of test/fuzz/found`);
  return { target, input: Uint8Array.from(readFileSync(file)) };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    // A target of which nothing was kept yet.
    return [];
  }
}

function hashOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}
