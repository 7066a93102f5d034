import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemError } from './folder-in-memory.ts';
import { labels, opened, readings, takeAll } from './opened.ts';

test('a disk that is full is said once; what is read goes on being sent, and is written when there is room', async () => {
  const { spool, folder, logged } = await opened();
  await spool.add(readings('a', 1, 2, 1_000));
  folder.bytesFree = 30;
  await spool.add(readings('a', 3, 4, 2_000));
  await spool.add(readings('a', 5, 6, 3_000));
  expect(labels(await takeAll(spool))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
  expect(logged).toEqual([
    { level: 'warn', event: 'spool-failed', fields: { reason: 'ENOSPC: as the test wants it', unwritten: 2 } },
  ]);
  folder.bytesFree = 10_000;
  await spool.add(readings('a', 7, 7, 4_000));
  expect(logged.slice(1)).toEqual([{ level: 'info', event: 'spool-recovered', fields: { written: 5 } }]);
  const after = await opened(folder.copy());
  expect(after.logged).toEqual([]);
  expect(labels(await takeAll(after.spool))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
});

test('what was answered while the disk was full is not written any more', async () => {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 1, 1_000));
  folder.bytesFree = 0;
  await spool.add(readings('a', 2, 3, 2_000));
  for (const reading of await takeAll(spool, 2)) spool.release(reading);
  folder.bytesFree = 10_000;
  await spool.add(readings('a', 4, 4, 3_000));
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a3', 'a4']);
});

test('part of a write that cannot be cut off again costs nothing: the next goes into a new segment', async () => {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 1, 1_000));
  folder.bytesFree = 30;
  folder.fault = (act) => {
    if (act === 'truncate') throw systemError('EIO');
  };
  await spool.add(readings('a', 2, 2, 2_000));
  folder.bytesFree = 10_000;
  await spool.add(readings('a', 3, 3, 3_000));
  expect([...folder.files.keys()]).toEqual(['00000001.spool', '00000002.spool']);
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a1', 'a2', 'a3']);
});

test('a write that failed and is there all the same is there once', async () => {
  const { spool, folder } = await opened(undefined, { sync: 'round' });
  await spool.add(readings('a', 1, 1, 1_000));
  folder.fault = (act) => {
    if (act === 'sync' || act === 'truncate') throw systemError('EIO');
  };
  await spool.add(readings('a', 2, 3, 2_000));
  folder.fault = () => undefined;
  await spool.add(readings('a', 4, 4, 3_000));
  const { spool: second } = await opened(folder.copy());
  expect(second.size).toBe(4);
  expect(labels(await takeAll(second))).toEqual(['a1', 'a2', 'a3', 'a4']);
});

test('while no segment can be begun, readings are held in memory, the oldest go when there are too many, and they are counted', async () => {
  const { spool, folder, events } = await opened(undefined, { unwrittenMax: 3 });
  folder.fault = (act) => {
    if (act === 'create') throw systemError('EROFS');
  };
  expect(await spool.add(readings('a', 1, 2, 1_000))).toEqual([]);
  expect(await spool.add(readings('a', 3, 5, 2_000))).toEqual([
    { count: 2, fromMs: 1_000, toMs: 1_000, reason: 'spool full' },
  ]);
  expect(labels(await takeAll(spool))).toEqual(['a3', 'a4', 'a5']);
  expect(events()).toEqual(['spool-failed']);
});

test('a round waits 10 s for a disk that hangs, later ones do not, and all are written when it answers', async () => {
  const { spool, folder, clock, logged } = await opened();
  let answer: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    answer = resolve;
  });
  folder.fault = (act) => (act === 'append' ? hanging : undefined);
  const first = spool.add(readings('a', 1, 2, 1_000));
  expect(await takeAll(spool)).toEqual([]);
  clock.advance(10_000);
  await first;
  const taken = await takeAll(spool);
  expect(labels(taken)).toEqual(['a1', 'a2']);
  await spool.add(readings('a', 3, 3, 2_000));
  expect(labels(await takeAll(spool))).toEqual(['a3']);
  expect(logged).toEqual([
    { level: 'warn', event: 'spool-failed', fields: { reason: 'the disk has not answered within 10 s', unwritten: 2 } },
  ]);
  for (const reading of taken.slice(0, 1)) spool.release(reading);
  answer();
  await setImmediate();
  await spool.add(readings('a', 4, 4, 3_000));
  expect(logged.slice(1)).toEqual([{ level: 'info', event: 'spool-recovered', fields: { written: 2 } }]);
  expect(spool.size).toBe(3);
  await spool.close();
  expect(labels(await takeAll((await opened(folder.copy())).spool))).toEqual(['a2', 'a3', 'a4']);
});

test('a round is one write, and none is forced to disk unless that is asked for', async () => {
  const lazy = await opened();
  const strict = await opened(undefined, { sync: 'round' });
  for (const { spool } of [lazy, strict]) {
    for (let round = 1; round <= 10; round += 1) {
      await spool.add(readings('a', 3 * round - 2, 3 * round, round));
      for (const reading of await takeAll(spool)) spool.release(reading);
    }
  }
  expect([lazy.folder.acts.get('append'), lazy.folder.acts.get('sync')]).toEqual([10, undefined]);
  // The new file's place in its folder is forced once.
  expect([strict.folder.acts.get('append'), strict.folder.acts.get('sync')]).toEqual([10, 11]);
});

test('a fault of our own is not taken for one of the disk', async () => {
  const { spool, events } = await opened();
  const [reading] = readings('a', 1, 1);
  if (reading === undefined) throw new Error('one was made');
  await expect(spool.add([{ ...reading, id: 'x'.repeat(100_000) }])).rejects.toThrow('invariant broken');
  expect(events()).toEqual([]);
});
