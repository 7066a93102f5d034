import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupStore } from '../../../src/store/sqlite/backup.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import {
  foundSeqs,
  keepingMachines,
  keepingTokens,
  machineRecord,
  readings,
  tokenRecord,
  unitRecord,
} from '../samples.ts';

test('a running server is backed up: what was acknowledged before is in it, and it is a whole store', async () => {
  const { store, folder } = await opened();
  await store.append({
    units: [unitRecord('u')],
    readings: readings(1, 300_000),
    machines: keepingMachines(machineRecord('a')),
    tokens: keepingTokens(tokenRecord('T')),
  });
  const file = join(temporaryFolder(), 'backup');
  let last = 300_000;
  const progress = { ended: false };
  const backup = backupStore(folder, file).finally(() => (progress.ended = true));
  while (!progress.ended) {
    await store.append({ units: [], readings: readings(last + 1, last + 100) });
    last += 100;
  }
  expect((await backup).bytes).toBe(statSync(file).size);
  expect(statSync(file).mode % 0o1000).toBe(0o600);
  expect(last).toBeGreaterThan(300_000);

  const restored = join(temporaryFolder(), 'store');
  mkdirSync(restored);
  renameSync(file, join(restored, 'telemetry.db'));
  expect((await checkStore(restored)).problems).toEqual([]);
  const again = await opened({ folder: restored });
  const seqs = await foundSeqs(again.store);
  expect(seqs.length).toBeGreaterThanOrEqual(300_000);
  expect(seqs).toEqual(Array.from(seqs, (_, index) => index + 1));
  expect(await again.store.highestSeq('u', 'e')).toBe(seqs.length);
  expect(await again.store.units()).toEqual([unitRecord('u')]);
  expect(await again.store.machines()).toEqual([machineRecord('a')]);
  expect(await again.store.tokens()).toEqual([tokenRecord('T')]);
});

test('a backup replaces nothing, and leaves nothing half done', async () => {
  const { folder } = await opened();
  expect(await codeOf(backupStore(folder, join(folder, 'telemetry.db')))).toBe('store-exists');
  const nowhere = join(temporaryFolder(), 'no-such-folder', 'backup');
  expect(await codeOf(backupStore(folder, nowhere))).toBe('output-failed');
  expect(existsSync(nowhere)).toBe(false);
});

test('where there is no store the tools say so, and make none', async () => {
  const folder = temporaryFolder();
  const other = join(temporaryFolder(), 'other');
  expect(await codeOf(checkStore(folder))).toBe('store-missing');
  expect(await codeOf(backupStore(folder, other))).toBe('store-missing');
  expect(await codeOf(salvageStore(folder, other))).toBe('store-missing');
  expect([existsSync(other), existsSync(join(folder, 'telemetry.db'))]).toEqual([false, false]);
});

test('a salvage does not write into a store that is there', async () => {
  const { folder } = await opened();
  expect(await codeOf(salvageStore(folder, folder))).toBe('store-exists');
});
