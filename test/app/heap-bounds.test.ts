import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/**
 * What the young generation takes, both halves, MiB, in order of size, while a program makes and lets go of much that lives for a while. V8 makes it small with each full
 * collection, and now and then adds some pages until the next: single values say nothing.
 */
function youngMiB(setUp: string): readonly number[] {
  const module = new URL('../../src/app/heap-bounds.ts', import.meta.url).href;
  const code = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setImmediate } from 'node:timers/promises';
    import { boundHeaps } from ${JSON.stringify(module)};
    ${setUp}
    let held = [];
    const sizes = [];
    for (let turn = 0; turn < 300; turn += 1) {
      for (let count = 0; count < 10_000; count += 1) held.push({ turn, count, text: 'x' + count });
      if (turn % 4 === 3) held = [];
      sizes.push(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 1_048_576);
      await setImmediate();
    }
    console.log(sizes.toSorted((one, other) => one - other).join(' '));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split(' ').map(Number);
}

test('the young generation of a server stays at 8 MiB, where else it grows', () => {
  const bounded = youngMiB('boundHeaps();');
  expect(bounded[150]).toBe(8);
  expect(bounded[285]).toBeLessThan(32);
  expect(youngMiB('')[150]).toBeGreaterThan(8);
});
