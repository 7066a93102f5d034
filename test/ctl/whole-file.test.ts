import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { writeWhole } from '../../src/app/ctl/whole-file.ts';
import { temporaryFolder } from '../store/opened.ts';

/** A disk that fails when all is written. */
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof FileSystem>()),
  rename: () => Promise.reject(Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO' })),
}));

test('a file that cannot be put in its place leaves the former one, and no draft', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'fleet.html');
  writeFileSync(file, 'former');
  await expect(writeWhole(file, 'new')).rejects.toMatchObject({ code: 'page-not-written' });
  expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['fleet.html'], 'former']);
});
