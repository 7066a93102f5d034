import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openForWriting } from '../../../src/store/sqlite/database.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import {
  found,
  foundSeqs,
  keepingMachines,
  keepingTokens,
  keyOf,
  machineRecord,
  reading,
  readings,
  tokenRecord,
  unitRecord,
} from '../samples.ts';

test('what was stored is there when the store is opened again, and its numbers count', async () => {
  const first = await opened();
  await first.store.append({ units: [unitRecord('u')], readings: readings(1, 5) });
  await first.store.close();

  const again = await opened({ folder: first.folder });
  expect(await again.store.units()).toEqual([unitRecord('u')]);
  expect(await again.store.highestSeq('u', 'e')).toBe(5);
  expect(await again.store.append({ units: [], readings: readings(4, 7) })).toEqual({ duplicates: [0, 1] });
  expect(await found(again.store)).toEqual(readings(1, 7));
  await again.store.close();

  const third = await opened({ folder: first.folder });
  expect(await third.store.append({ units: [], readings: readings(1, 8) })).toEqual({
    duplicates: [0, 1, 2, 3, 4, 5, 6],
  });
  expect(await foundSeqs(third.store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('machines and join tokens are there when the store is opened again, and those that were let go are not', async () => {
  const first = await opened();
  await first.store.append({
    units: [],
    readings: [],
    machines: keepingMachines(machineRecord('a', { tokenId: 'T' }), machineRecord('b'), machineRecord('c')),
    tokens: keepingTokens(tokenRecord('T'), tokenRecord('U')),
  });
  const revoked = machineRecord('a', { state: 'revoked', tokenId: 'T' });
  await first.store.append({
    units: [],
    readings: [],
    machines: [...keepingMachines(revoked), { publicKey: keyOf('b'), machine: undefined }],
    tokens: [{ id: 'U', token: undefined }],
  });
  await first.store.close();
  expect(await codeOf(first.store.machines())).toBe('store-unavailable');

  const again = await opened({ folder: first.folder });
  expect(await again.store.machines()).toEqual([revoked, machineRecord('c')]);
  expect(await again.store.tokens()).toEqual([tokenRecord('T')]);
});

test('the highest numbers of epochs hold over many segments', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [], readings: readings(1, 9, 'u', 'first') });
  // More than a segment has, of another unit and later.
  for (let from = 1; from < 150_000; from += 15_000) {
    await store.append({ units: [], readings: readings(from, from + 14_999, 'v').map(later) });
  }
  await store.append({ units: [], readings: readings(1, 9, 'u', 'last') });
  expect(await store.append({ units: [], readings: readings(9, 10, 'u', 'first') })).toEqual({ duplicates: [0] });
  expect(await store.append({ units: [], readings: readings(9, 10, 'u', 'last') })).toEqual({ duplicates: [0] });
  expect(await store.highestSeq('v', 'e')).toBe(150_000);
  expect(await foundSeqs(store, { clientId: 'u', fromMs: 9 })).toEqual([9, 10, 9, 10].toSorted((a, b) => a - b));
  expect(await foundSeqs(store, { clientId: 'v', fromMs: 1e12 + 60_000, toMs: 1e12 + 60_003 })).toEqual([
    60_000, 60_001, 60_002,
  ]);
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { readOnly: true });
  expect(
    Number(database.prepare('SELECT count(*) AS sealed FROM segments WHERE sealed = 1').get()?.['sealed']),
  ).toBeGreaterThan(1);
  database.close();
});

test('files are for their user alone', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [], readings: [reading(1)] });
  const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode % 0o1000]);
  expect(Object.fromEntries(modes)).toEqual({
    'telemetry.db': 0o600,
    'telemetry.db-shm': 0o600,
    'telemetry.db-wal': 0o600,
    'telemetry.lock': 0o600,
  });
  expect(statSync(folder).mode % 0o1000).toBe(0o700);
});

test('a commit is synced to the disk before it counts', () => {
  const database = openForWriting(join(temporaryFolder(), 'store'));
  onTestFinished(() => {
    database.close();
  });
  const settings = ['journal_mode', 'synchronous', 'fullfsync', 'checkpoint_fullfsync'].map(
    (name) => database.prepare(`PRAGMA ${name}`).get()?.[name],
  );
  // With these a committed transaction survives a loss of power: https://sqlite.org/pragma.html#pragma_synchronous
  expect(settings).toEqual(['wal', 2, 1, 1]);
});

test('a second server does not get the store, until the first has closed it', async () => {
  const { store, folder } = await opened();
  expect(await codeOf(opened({ folder }))).toBe('store-in-use');
  await store.close();
  const { store: second } = await opened({ folder });
  expect(await second.append({ units: [], readings: [reading(1)] })).toEqual({ duplicates: [] });
});

test('closing finishes what is in hand, and refuses what comes later', async () => {
  const { store, folder } = await opened();
  const inHand = store.append({ units: [], readings: readings(1, 3_000) });
  await Promise.all([store.close(), store.close()]);
  expect(await inHand).toEqual({ duplicates: [] });
  expect(await codeOf(store.append({ units: [], readings: [reading(9_999)] }))).toBe('store-unavailable');
  expect(await codeOf(found(store))).toBe('store-unavailable');
  expect(readdirSync(folder).toSorted()).toEqual(['telemetry.db', 'telemetry.lock']);
  const again = await opened({ folder });
  expect(await foundSeqs(again.store)).toHaveLength(3_000);
});

test('a reader that stops early holds nothing back', async () => {
  const { store } = await opened();
  await store.append({ units: [], readings: readings(1, 3_000) });
  for await (const { reading } of store.query({ clientId: 'u', fromMs: 0, toMs: 1e9 })) {
    if (reading.seq === 5) break;
  }
  const slow = store.query({ clientId: 'u', fromMs: 0, toMs: 1e9 });
  expect((await slow.next()).value).toEqual(readings(1, 1)[0]);
  expect(await store.append({ units: [], readings: readings(3_001, 3_001) })).toEqual({ duplicates: [] });
  expect(await foundSeqs(store, { fromMs: 2_999 })).toEqual([2_999, 3_000, 3_001]);
  expect(await slow.return()).toEqual({ done: true, value: undefined });
});

test('a unit that draws an epoch for each reading costs no more than its readings', async () => {
  const { store } = await opened();
  const epochs = Array.from({ length: 70_000 }, (_, index) => reading(1, index.toString(16).padStart(8, '0')));
  // Words run out in the midst of a segment.
  const size = 2_047;
  for (let from = 0; from < epochs.length; from += size) {
    expect(await store.append({ units: [], readings: epochs.slice(from, from + size) })).toEqual({ duplicates: [] });
  }
  expect(await store.append({ units: [], readings: epochs.slice(0, 100) })).toMatchObject({
    duplicates: { length: 100 },
  });
  expect((await found(store)).map((one) => one.reading.epoch)).toEqual(epochs.map((one) => one.reading.epoch));
});

function later(one: ReturnType<typeof reading>): ReturnType<typeof reading> {
  return { ...one, reading: { ...one.reading, time: 1e12 + one.reading.time } };
}
