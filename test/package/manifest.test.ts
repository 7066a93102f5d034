import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

interface Manifest {
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const inCheckout = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const manifest: Manifest = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'));
const dependencies = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
const pages = readdirSync(inCheckout('docs/decisions')).map((name) => ({
  name,
  lines: readFileSync(inCheckout(`docs/decisions/${name}`), 'utf8')
    .trimEnd()
    .split('\n'),
}));

describe('package.json', () => {
  test.each(Object.entries(manifest.bin))(
    '%s is built from a source of that name, which starts with a hashbang',
    (name, file) => {
      expect(file).toBe(`dist/bin/${name}.js`);
      expect(readFileSync(inCheckout(`src/bin/${name}.ts`), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    },
  );

  test.each(dependencies)('%s is pinned to one version, %s', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('pins Node.js to the line that it asks for', () => {
    expect(manifest.engines['node']).toBe('>=24');
    expect(manifest.devDependencies['node']).toMatch(/^24\./);
  });
});

describe('docs/decisions', () => {
  test.each(dependencies)('says in a heading of its own why %s is used', (name) => {
    expect(pages.filter(({ lines }) => lines[0]?.includes(`\`${name}\``)).map((page) => page.name)).toHaveLength(1);
  });

  test.each(pages)('$name is short and has context, decision, reason and consequences', ({ lines }) => {
    expect(lines.length).toBeLessThanOrEqual(30);
    const headings = lines.filter((line) => line.startsWith('## '));
    expect(headings).toEqual(['## Context', '## Decision', '## Reason', '## Consequences']);
  });
});

test('the licence is the one that package.json names', () => {
  expect(existsSync(inCheckout('LICENSE'))).toBe(true);
  expect(readFileSync(inCheckout('LICENSE'), 'utf8')).toMatch(
    /^MIT License\n\nCopyright \(c\) 2026 telemetry-hub contributors\n/,
  );
});
