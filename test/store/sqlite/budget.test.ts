import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { opened, passUntil } from '../opened.ts';
import { foundSeqs, keepingMachines, machineRecord, readings } from '../samples.ts';

function bytesIn(folder: string): number {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('-shm'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

test.each([
  { name: 'small', size: 20 },
  { name: 'large', size: 4_000 },
])('the files stay within the budget under $name batches, and the newest readings are kept', async ({ size }) => {
  const budgetBytes = 1_000_000;
  const { store, folder, drops } = await opened({ budgetBytes });
  let most = 0;
  const total = 40_000;
  for (let from = 1; from < total; from += size) {
    await store.append({ units: [], readings: readings(from, from + size - 1) });
    most = Math.max(most, bytesIn(folder));
  }
  expect(most).toBeLessThanOrEqual(budgetBytes);
  const seqs = await foundSeqs(store);
  const dropped = drops.reduce((sum, { droppedReadings }) => sum + droppedReadings, 0);
  expect(seqs).toEqual(Array.from({ length: total - dropped }, (_, index) => dropped + index + 1));
  expect(seqs.length).toBeGreaterThan(10_000);
  expect(await store.append({ units: [], readings: readings(1, 10) })).toMatchObject({ duplicates: { length: 10 } });
});

test('machines take their part of the budget, and the oldest readings make room for them', async () => {
  const budgetBytes = 2_000_000;
  const { store, folder, drops } = await opened({ budgetBytes });
  for (let from = 1; from < 60_000; from += 2_000) {
    await store.append({ units: [], readings: readings(from, from + 1_999) });
  }
  const before = drops.length;
  let most = 0;
  for (let from = 0; from < 2_000; from += 100) {
    const machines = Array.from({ length: 100 }, (_, index) => machineRecord(`m${from + index}`));
    await store.append({ units: [], readings: [], machines: keepingMachines(...machines) });
    most = Math.max(most, bytesIn(folder));
  }
  expect(most).toBeLessThanOrEqual(budgetBytes);
  expect(drops.length).toBeGreaterThan(before);
  expect(await store.machines()).toHaveLength(2_000);
});

test('a budget that was lowered is met, and the space is given back', async () => {
  const first = await opened();
  for (let from = 1; from < 100_000; from += 2_000) {
    await first.store.append({ units: [], readings: readings(from, from + 1_999) });
  }
  await first.store.close();
  expect(bytesIn(first.folder)).toBeGreaterThan(3_000_000);

  const { store, folder, drops, clock } = await opened({ folder: first.folder, budgetBytes: 1_000_000 });
  await passUntil({ clock, store }, () => bytesIn(folder) <= 1_000_000);
  const seqs = await foundSeqs(store);
  const dropped = drops.reduce((sum, { droppedReadings }) => sum + droppedReadings, 0);
  expect([seqs[0], seqs.at(-1), seqs.length]).toEqual([dropped + 1, 100_000, 100_000 - dropped]);
  expect(seqs.length).toBeGreaterThan(10_000);
});
