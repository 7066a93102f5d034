import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCodes } from '../../src/core/coded-error.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(top, 'docs/errors.md'), 'utf8');

/** First columns of the table under a heading of docs/errors.md. */
function listed(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1] ?? '');
}

function sources(): string {
  const files = readdirSync(join(top, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('coded-error.ts'))
    .map((file) => readFileSync(join(top, 'src', file), 'utf8'))
    .join('\n');
}

test('every code of an error is listed, in order, and none that is not there', () => {
  expect(listed('Errors')).toEqual([...errorCodes]);
});

test('every code is used', () => {
  const text = sources();
  expect(errorCodes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

test('every event that is logged is listed, and none that is not', () => {
  const text = sources();
  const logged = [...text.matchAll(/\b(?:log|report)\(\s*[\w.#?:'\s=()]+?,\s*'([a-z-]+)',/g)].map(
    (match) => match[1] ?? '',
  );
  // What a client caused is logged under the code that it was answered with; readings and their loss have a path of their own.
  const others = [
    'bad-frame',
    'bad-reading',
    'registration-refused',
    'not-registered',
    'unknown-command',
    'reading',
    'log-dropped',
  ];
  const events = new Set([...logged, ...others]);
  expect(listed('Events')).toEqual([...events].toSorted());
});
