import { expect, test } from 'vitest';
import type { LabelledReading } from '../../../src/core/reading.ts';
import { FolderInMemory, systemError } from './folder-in-memory.ts';
import { labels, opened, readings, takeAll } from './opened.ts';

const rounds = [
  readings('a', 1, 3, 1_000),
  readings('a', 4, 5, 2_000),
  readings('a', 6, 6, 3_000),
  readings('b', 1, 2, 4_000),
  readings('b', 3, 5, 5_000),
];
const all = rounds.flat();
const name = '00000001.spool';

/** A folder with one segment that holds `all`, of which nothing was answered. */
async function written(): Promise<FolderInMemory> {
  const { spool, folder } = await opened();
  for (const round of rounds) await spool.add(round);
  return folder;
}

/** What is found in a segment of these bytes. */
async function found(bytes: Buffer): Promise<{ taken: LabelledReading[]; size: number; events: readonly string[] }> {
  const folder = new FolderInMemory();
  folder.files.set(name, bytes);
  const { spool, events } = await opened(folder);
  const { size } = spool;
  return { taken: await takeAll(spool), size, events: events() };
}

/** Whole rounds are missing, `roundsMax` at most, and nothing is there that was not written. */
function expectLoss(taken: readonly LabelledReading[], roundsMax: number): number {
  const lost = rounds.filter(
    (round) => !taken.some(({ epoch, seq }) => epoch === round[0]?.epoch && seq === round[0].seq),
  );
  expect(taken).toEqual(all.filter((reading) => !lost.flat().includes(reading)));
  expect(lost.length).toBeLessThanOrEqual(roundsMax);
  return lost.length;
}

test('a wrong byte anywhere costs its record at most, and is said', async () => {
  const bytes = (await written()).files.get(name) ?? Buffer.alloc(0);
  let losses = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    for (const change of [0x01, 0x20, 0xff]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ change;
      const { taken, size, events } = await found(changed);
      const lost = expectLoss(taken, 1);
      losses += lost;
      expect(size).toBe(taken.length);
      expect(events.includes('spool-damaged')).toBe(lost > 0);
    }
  }
  expect(losses).toBeGreaterThan(bytes.length);
});

test('a file cut off anywhere holds what is before the cut', async () => {
  const bytes = (await written()).files.get(name) ?? Buffer.alloc(0);
  let before = 0;
  for (let length = 0; length <= bytes.length; length += 1) {
    const { taken } = await found(bytes.subarray(0, length));
    expectLoss(taken, rounds.length);
    expect(taken).toEqual(all.slice(0, taken.length));
    expect(taken.length).toBeGreaterThanOrEqual(before);
    before = taken.length;
  }
  expect(before).toBe(all.length);
});

test('a torn end is cut off, said, and written on behind', async () => {
  const folder = await written();
  const bytes = folder.files.get(name) ?? Buffer.alloc(0);
  folder.files.set(name, bytes.subarray(0, bytes.length - 5));
  const first = await opened(folder);
  expect(first.logged).toEqual([
    {
      level: 'warn',
      event: 'spool-damaged',
      fields: { file: name, bytes: expect.any(Number), count: 0, reason: 'its end was torn off' },
    },
  ]);
  await first.spool.add(readings('c', 1, 2, 6_000));
  expect([...folder.files.keys()]).toEqual([name]);
  const second = await opened(folder.copy());
  expect(second.logged).toEqual([]);
  expect(labels(await takeAll(second.spool))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2', 'c1', 'c2']);
});

test('how many readings a wrong byte cost is counted by the numbers around them, and told once', async () => {
  const folder = await written();
  const bytes = folder.files.get(name) ?? Buffer.alloc(0);
  bytes[bytes.indexOf('"seq":4')] = 0;
  const { spool, logged } = await opened(folder);
  expect(logged.map(({ fields }) => fields)).toEqual([
    { file: name, bytes: expect.any(Number), count: 2, reason: 'wrong checksums' },
  ]);
  const lost = [{ count: 2, fromMs: 1_000, toMs: 3_000, reason: 'spool damaged' }];
  expect(await spool.add(readings('c', 1, 1, 6_000))).toEqual(lost);
  expect(await spool.add(readings('c', 2, 2, 7_000))).toEqual([]);
});

test('a wrong byte in what was answered is no loss', async () => {
  const { spool, folder } = await opened();
  for (const round of rounds) await spool.add(round);
  spool.release(readings('a', 4, 4)[0] as LabelledReading);
  spool.release(readings('a', 5, 5)[0] as LabelledReading);
  await spool.close();
  const bytes = folder.files.get(name) ?? Buffer.alloc(0);
  bytes[bytes.indexOf('"seq":4')] = 0;
  const { spool: second, logged } = await opened(folder);
  expect(logged.map(({ fields }) => fields['count'])).toEqual([0]);
  expect(second.size).toBe(all.length - 2);
});

test('what was answered in a segment that was full by then is no loss either', async () => {
  const { spool, folder } = await opened(undefined, { bytesMax: 8_000 });
  for (const round of rounds) await spool.add(round);
  for (const reading of rounds[1] ?? []) spool.release(reading);
  for (let round = 6; round < 12; round += 1) await spool.add(readings('b', round, round, 1_000 * round));
  const damaged = [name, '00000002.spool'];
  // The note on it is lost too, but not what the third segment says of the first.
  for (const [index, text] of ['"seq":4', '"answered"'].entries()) {
    const bytes = folder.files.get(damaged[index] ?? '') ?? Buffer.alloc(0);
    bytes[bytes.indexOf(text)] = 0;
  }
  const { logged } = await opened(folder, { bytesMax: 8_000 });
  expect(logged.map(({ fields }) => [fields['file'], fields['count']])).toEqual(damaged.map((file) => [file, 0]));
});

test('a byte that goes wrong while the client runs costs its record, when it is read', async () => {
  const folder = await written();
  const { spool, logged } = await opened(folder);
  const bytes = folder.files.get(name) ?? Buffer.alloc(0);
  bytes[bytes.indexOf('"seq":4')] = 0;
  expect(spool.size).toBe(all.length);
  expect(labels(await takeAll(spool))).toEqual(['a1', 'a2', 'a3', 'a6', 'b1', 'b2', 'b3', 'b4', 'b5']);
  expect(spool.size).toBe(all.length - 2);
  expect(logged.map(({ event, fields }) => [event, fields['count']])).toEqual([['spool-damaged', 2]]);
  expect(await spool.add([])).toEqual([{ count: 2, fromMs: 1_000, toMs: 5_000, reason: 'spool damaged' }]);
});

test('a segment that cannot be read is tried again with the next rounds, and read when it can be', async () => {
  const folder = await written();
  const { spool, logged } = await opened(folder);
  folder.fault = (act) => {
    if (act === 'read') throw systemError('EMFILE');
  };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(await takeAll(spool)).toEqual([]);
    await spool.add([]);
  }
  folder.fault = () => undefined;
  expect(await takeAll(spool)).toEqual(all);
  expect(logged).toEqual([]);
});

test('a segment that cannot be read for good is counted as lost, and set aside', async () => {
  const folder = await written();
  const { spool, logged } = await opened(folder, { bytesMax: 1_000 });
  folder.fault = (act) => {
    if (act === 'read') throw systemError('EIO');
  };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(await takeAll(spool)).toEqual([]);
    await spool.add([]);
  }
  expect(spool.size).toBe(0);
  expect(logged.map(({ event, fields }) => [event, fields['count']])).toEqual([['spool-damaged', all.length]]);
  await spool.add(readings('c', 1, 1, 6_000));
  await spool.add(readings('c', 2, 2, 7_000));
  expect([...folder.files.keys()].toSorted()[0]).toBe(`${name}.damaged`);
  expect(labels(await takeAll(spool))).toEqual(['c1', 'c2']);
});
