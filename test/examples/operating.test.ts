import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { examplePath } from './example-file.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/operating.md', root), 'utf8');

/** All code of `src/` as one text. */
function sources(): string {
  const folder = fileURLToPath(new URL('src', root));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n');
}

/** The events in the second column of the table of troubles: names in backticks with a hyphen, and the states. */
function eventsOfTroubles(): readonly string[] {
  const [, troubles = ''] = page.split('## Trouble\n');
  const rows = troubles.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) => row.split('|')[2] ?? '').join(' ');
  return [
    ...new Set([...cells.matchAll(/`([a-z]+(?:-[a-z]+)+|late|lost|online)`/g)].flatMap(([, name]) => name ?? [])),
  ];
}

test('every event that the table of troubles names is one that the programs log', () => {
  const code = sources();
  const events = eventsOfTroubles();
  expect(events.length).toBeGreaterThan(15);
  expect(events.filter((event) => !code.includes(`'${event}'`))).toEqual([]);
});

test('every example that the page names is there', () => {
  const names = [...page.matchAll(/examples\/([\w./-]*\w)/g)].flatMap(([, name]) => name ?? []);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !existsSync(examplePath(name)))).toEqual([]);
});
