import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What the young generation takes, both halves, MiB, once a program has made and let go of much that lived for a while. */
function youngMiB(setUp: string): number {
  const module = new URL('../../src/app/heap-bounds.ts', import.meta.url).href;
  const code = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setImmediate } from 'node:timers/promises';
    import { boundHeaps } from ${JSON.stringify(module)};
    ${setUp}
    let held = [];
    for (let turn = 0; turn < 300; turn += 1) {
      for (let count = 0; count < 10_000; count += 1) held.push({ turn, count, text: 'x' + count });
      if (turn % 4 === 3) held = [];
      await setImmediate();
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1_048_576);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

test('the young generation of a server stays at 8 MiB, where else it grows', () => {
  expect(youngMiB('boundHeaps();')).toBe(8);
  expect(youngMiB('')).toBeGreaterThan(8);
});
