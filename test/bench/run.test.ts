import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Figure } from '../../bench/figure.ts';

const program = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'telemetry-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bench(...args: readonly string[]): { readonly printed: string; readonly figures: readonly Figure[] } {
  const output = join(folder, `${args.join('-')}.json`);
  const all = [program, ...args, '--quick', '--source', '--folder', folder, '--output', output];
  const printed = execFileSync(process.execPath, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return { printed, ...(JSON.parse(readFileSync(output, 'utf8')) as { readonly figures: readonly Figure[] }) };
}

// One that starts clients, one that starts servers under load, one whose load speaks TLS, and one that opens the dashboard in Chromium.
test.each([
  { name: 'start', runsMin: 2 },
  { name: 'storm', runsMin: 2 },
  { name: 'tls', runsMin: 1 },
  { name: 'page', runsMin: 1 },
])('npm run bench -- --only $name has figures that are numbers', { timeout: 90_000 }, ({ name, runsMin }) => {
  const { printed, figures } = bench('--only', name);
  expect(figures.length).toBeGreaterThan(1);
  for (const { runs, name } of figures) {
    expect(runs.length, name).toBeGreaterThanOrEqual(runsMin);
    expect(runs.every((run) => Number.isFinite(run) && run > 0)).toBe(true);
    expect(printed).toContain(name);
  }
});

test('a figure that there is none of is wrong usage', () => {
  expect(() => bench('--only', 'nothing')).toThrow(expect.objectContaining({ status: 2 }));
});
