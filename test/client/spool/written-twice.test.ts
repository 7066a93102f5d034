import { expect, test } from 'vitest';
import { FolderInMemory, systemError } from './folder-in-memory.ts';
import { labels, opened, readings, takeAll } from './opened.ts';

test('readings that leave memory while their segment is being read are read with the rest of it', async () => {
  const { spool, folder, events } = await opened(undefined, { recentMax: 4 });
  await spool.add(readings('a', 1, 6, 1_000));
  let read: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (read = resolve));
  folder.fault = (act) => (act === 'read' ? held : undefined);
  const taken = [...spool.take(100)];
  // Too much for memory: of these, and of those before them, only the last stay there.
  await spool.add(readings('a', 7, 12, 2_000));
  read();
  taken.push(...(await takeAll(spool)));
  expect(labels(taken)).toEqual(labels(readings('a', 1, 12)));
  expect(spool.size).toBe(12);
  expect(events()).toEqual([]);
});

test('a round that was written in part, and then anew, is held once, and after a crash too', async () => {
  const folder = new FolderInMemory();
  const { spool } = await opened(folder);
  await spool.add(readings('a', 1, 2, 1_000));
  for (const reading of spool.take(1)) spool.release(reading);
  folder.fault = (act) => {
    if (act === 'append') throw systemError('EIO');
  };
  await spool.add(readings('a', 3, 4, 2_000));
  // The next write holds both rounds: the first of them gets through, and nothing can be cut off again.
  folder.fault = (act) => {
    if (act === 'truncate') throw systemError('EIO');
  };
  folder.bytesFree = 250;
  await spool.add(readings('a', 5, 6, 3_000));
  expect(folder.files.get('00000001.spool')?.toString()).toContain('"seq":3');
  folder.fault = () => undefined;
  folder.bytesFree = Number.POSITIVE_INFINITY;
  await spool.add(readings('a', 7, 8, 4_000));
  expect([...folder.files.keys()]).toEqual(['00000001.spool', '00000002.spool']);
  const next = await opened(folder.copy());
  expect(next.spool.size).toBe(7);
  expect(labels(await takeAll(next.spool))).toEqual(labels(readings('a', 2, 8)));
});

test('rounds of two epochs that were written in part, and then anew, are held once', async () => {
  const folder = new FolderInMemory();
  const { spool } = await opened(folder);
  await spool.add(readings('a', 1, 2, 1_000));
  folder.fault = (act) => {
    if (act === 'append') throw systemError('EIO');
  };
  await spool.add(readings('a', 3, 4, 2_000));
  await spool.add(readings('b', 1, 2, 3_000));
  folder.fault = (act) => {
    if (act === 'truncate') throw systemError('EIO');
  };
  folder.bytesFree = 350;
  await spool.add(readings('b', 3, 4, 4_000));
  expect(folder.files.get('00000001.spool')?.toString()).toContain('"epoch":"b"');
  folder.fault = () => undefined;
  folder.bytesFree = Number.POSITIVE_INFINITY;
  await spool.add(readings('b', 5, 6, 5_000));
  const next = await opened(folder.copy());
  expect(next.spool.size).toBe(10);
  for (const reading of await takeAll(next.spool)) next.spool.release(reading);
  expect(next.spool.size).toBe(0);
});

test('the name of a segment that another run has begun is synced before anything is written there', async () => {
  const folder = new FolderInMemory();
  await (await opened(folder)).spool.add(readings('a', 1, 2, 1_000));
  const acts: string[] = [];
  let failing = true;
  folder.fault = (act, name) => {
    acts.push(`${act} ${name}`.trimEnd());
    if (failing && act === 'sync' && name === '') throw systemError('EIO');
  };
  const { spool, events } = await opened(folder, { sync: 'round' });
  await spool.add(readings('b', 1, 2, 2_000));
  failing = false;
  await spool.add(readings('b', 3, 4, 3_000));
  const written = ['append 00000001.spool', 'sync 00000001.spool'];
  expect(acts.slice(2)).toEqual(['open 00000001.spool', 'sync', 'open 00000001.spool', 'sync', ...written]);
  expect(events()).toEqual(['spool-failed', 'spool-recovered']);
});

test('of a write that failed halfway and was done again nothing is sent before its turn', async () => {
  const folder = new FolderInMemory();
  const { spool } = await opened(folder);
  folder.fault = (act) => {
    if (act === 'append' || act === 'remove') throw systemError('EIO');
  };
  await spool.add(readings('a', 1, 2, 1_000));
  await spool.add(readings('a', 3, 4, 1_500));
  folder.fault = (act) => {
    if (act === 'remove') throw systemError('EIO');
  };
  folder.bytesFree = 420;
  await spool.add(readings('a', 5, 6, 2_000));
  const name = folder.files.keys().find((file) => folder.files.get(file)?.includes('"seq":3') === true) ?? '';
  folder.fault = () => undefined;
  folder.bytesFree = Number.POSITIVE_INFINITY;
  await spool.add(readings('a', 7, 8, 3_000));
  // Of what is left of the first attempt, a bit of the first round turns over.
  const bytes = folder.files.get(name) ?? Buffer.alloc(0);
  const at = bytes.indexOf('"seq":1');
  bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 1;
  const next = await opened(folder.copy());
  expect(labels(await takeAll(next.spool))).toEqual(labels(readings('a', 1, 8)));
  expect(next.spool.size).toBe(8);
});
