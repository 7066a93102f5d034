import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { labels, opened, readings, takeAll } from './opened.ts';

test('what an earlier run has left comes again with its label, time and values, behind what is new', async () => {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 2, 1_000));
  await spool.add(readings('a', 3, 3, 2_000));
  const { spool: second } = await opened(folder.copy());
  expect(second.size).toBe(3);
  expect(second.holdsRounds).toBe(true);
  await second.add(readings('b', 1, 1, 9_000));
  const taken = await takeAll(second);
  expect(taken).toEqual([...readings('b', 1, 1, 9_000), ...readings('a', 1, 2, 1_000), ...readings('a', 3, 3, 2_000)]);
});

test('a reading cannot be taken before it is written', async () => {
  const { spool, folder } = await opened();
  let write: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    write = resolve;
  });
  folder.fault = (act) => (act === 'append' ? held : undefined);
  const added = spool.add(readings('a', 1, 2));
  expect(await takeAll(spool)).toEqual([]);
  write();
  await added;
  expect(labels(await takeAll(spool))).toEqual(['a1', 'a2']);
});

test('what is let go of while it is being written is not sent, and not there after a start', async () => {
  const { spool, folder } = await opened();
  let write: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    write = resolve;
  });
  folder.fault = (act) => (act === 'append' ? held : undefined);
  const added = spool.add(readings('a', 1, 4));
  await setImmediate();
  spool.releaseThrough('a', 2);
  write();
  await added;
  expect(labels(await takeAll(spool))).toEqual(['a3', 'a4']);
  expect(spool.size).toBe(2);
  await spool.close();
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a3', 'a4']);
});

test('rounds that are added together are written one after another', async () => {
  const { spool, folder } = await opened();
  await Promise.all([spool.add(readings('a', 1, 2)), spool.add(readings('a', 3, 4)), spool.add(readings('a', 5, 6))]);
  expect(labels(await takeAll(spool))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
});

test('what was answered is written with the next round, and does not come back after a crash', async () => {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 3, 1_000));
  for (const reading of await takeAll(spool, 2)) spool.release(reading);
  await spool.add(readings('a', 4, 4, 2_000));
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a3', 'a4']);
});

test('a spool that is closed remembers what was answered, and keeps no file where all was', async () => {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 3, 1_000));
  const [first, ...others] = await takeAll(spool);
  if (first === undefined) throw new Error('three were added');
  spool.release(first);
  await spool.close();
  const second = await opened(folder);
  expect(labels(await takeAll(second.spool))).toEqual(['a2', 'a3']);
  for (const reading of others) second.spool.release(reading);
  await second.spool.close();
  expect([...folder.files.keys()]).toEqual([]);
});

test('segments of which all is answered are deleted, those between others too, and stay answered', async () => {
  const { spool, folder } = await opened(undefined, { bytesMax: 16_000 });
  for (let round = 1; round <= 60; round += 1) await spool.add(readings('a', 2 * round - 1, 2 * round, round));
  const before = folder.files.size;
  const taken = await takeAll(spool);
  for (const reading of taken.slice(10, 80)) spool.release(reading);
  await spool.add(readings('b', 1, 1, 100));
  expect(folder.files.size).toBeLessThan(before - 3);
  const { spool: second } = await opened(folder.copy(), { bytesMax: 16_000 });
  const kept = [...labels(taken.slice(0, 10)), ...labels(taken.slice(80)), 'b1'];
  expect(labels(await takeAll(second))).toEqual(kept);
});

test('a full spool drops its oldest segments, counts, and says from when to when', async () => {
  const { spool, folder } = await opened(undefined, { bytesMax: 8_000 });
  let count = 0;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = 0;
  for (let round = 1; round <= 200; round += 1) {
    for (const dropped of await spool.add(readings('a', 2 * round - 1, 2 * round, 1_000 * round))) {
      count += dropped.count;
      fromMs = Math.min(fromMs, dropped.fromMs);
      toMs = dropped.toMs;
    }
    expect(folder.bytes).toBeLessThanOrEqual(8_000);
  }
  expect(folder.bytes).toBeGreaterThan(7_000);
  expect(count).toBe(400 - spool.size);
  const [oldest] = await takeAll(spool, 1);
  expect([fromMs, toMs + 1_000]).toEqual([1_000, oldest?.time]);
});

test('of a long backlog little is in memory', async () => {
  const { spool, folder } = await opened(undefined, { recentMax: 10 });
  for (let round = 1; round <= 100; round += 1) await spool.add(readings('a', 2 * round - 1, 2 * round, round));
  const reads = folder.acts.get('read') ?? 0;
  const taken = await takeAll(spool);
  expect(folder.acts.get('read')).toBeGreaterThan(reads);
  expect(labels(taken)).toEqual(Array.from({ length: 200 }, (_, index) => `a${index + 1}`));
});

test('an empty backlog is not read from disk', async () => {
  const { spool, folder } = await opened();
  for (let round = 1; round <= 20; round += 1) {
    await spool.add(readings('a', 2 * round - 1, 2 * round, round));
    for (const reading of await takeAll(spool)) spool.release(reading);
    spool.rewind();
    expect(await takeAll(spool)).toEqual([]);
  }
  expect(folder.acts.get('read')).toBeUndefined();
});

test('new readings go before a backlog that is being read', async () => {
  const { spool, folder } = await opened(undefined, { recentMax: 4 });
  for (let round = 1; round <= 30; round += 1) await spool.add(readings('a', 2 * round - 1, 2 * round, round));
  const { spool: second } = await opened(folder.copy());
  expect(labels(await takeAll(second, 3))).toEqual(['a1', 'a2', 'a3']);
  await second.add(readings('b', 1, 2, 100));
  expect(labels(await takeAll(second, 4))).toEqual(['b1', 'b2', 'a4', 'a5']);
});

test('an epoch of which a part is on disk alone goes in order all the same', async () => {
  const { spool } = await opened(undefined, { recentMax: 4 });
  for (let round = 1; round <= 10; round += 1) await spool.add(readings('a', 2 * round - 1, 2 * round, round));
  expect(labels(await takeAll(spool, 5))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  await spool.add(readings('a', 21, 22, 11));
  expect(labels(await takeAll(spool))).toEqual(Array.from({ length: 17 }, (_, index) => `a${index + 6}`));
});
