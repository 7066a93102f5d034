import { expect, test } from 'vitest';
import { MemorySpool } from '../../src/client/memory-spool.ts';
import type { LabelledReading } from '../../src/core/reading.ts';

function readings(epoch: string, from: number, to: number, time = from): LabelledReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    epoch,
    seq: from + index,
    time,
    sensor: 'test',
    values: { value: from + index },
  }));
}

const labels = (taken: readonly LabelledReading[]): string[] => taken.map(({ epoch, seq }) => `${epoch}${seq}`);

test('what is taken is not taken twice, until it is rewound', async () => {
  const spool = new MemorySpool(100);
  await spool.add(readings('a', 1, 3));
  expect(labels(spool.take(2))).toEqual(['a1', 'a2']);
  await spool.add(readings('a', 4, 4));
  expect(labels(spool.take(9))).toEqual(['a3', 'a4']);
  expect(spool.take(9)).toEqual([]);
  spool.rewind();
  expect(labels(spool.take(9))).toEqual(['a1', 'a2', 'a3', 'a4']);
});

test('readings of the newest epoch go first, then the backlog from its oldest on', async () => {
  const spool = new MemorySpool(100);
  await spool.add(readings('a', 1, 2));
  await spool.add(readings('b', 1, 2));
  await spool.add(readings('c', 1, 1));
  expect(labels(spool.take(4))).toEqual(['c1', 'a1', 'a2', 'b1']);
  await spool.add(readings('c', 2, 2));
  expect(labels(spool.take(4))).toEqual(['c2', 'b2']);
});

test('what is released is gone, in whatever order', async () => {
  const spool = new MemorySpool(100);
  const [first, second, third] = readings('a', 1, 3);
  await spool.add(readings('a', 1, 3));
  spool.take(3);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
  spool.release(second);
  spool.release(second);
  spool.rewind();
  expect(labels(spool.take(9))).toEqual(['a1', 'a3']);
  spool.release(first);
  spool.release(third);
  expect(spool.size).toBe(0);
});

test('what the server holds already is released, and the rest is sent anew', async () => {
  const spool = new MemorySpool(100);
  await spool.add(readings('a', 1, 4));
  spool.take(4);
  spool.releaseThrough('a', 2);
  expect(labels(spool.take(9))).toEqual(['a3', 'a4']);
});

test('a full spool drops its oldest, and says how many and from when to when', async () => {
  const spool = new MemorySpool(4);
  expect(await spool.add(readings('a', 1, 2, 1_000))).toEqual([]);
  expect(await spool.add(readings('a', 3, 4, 2_000))).toEqual([]);
  expect(await spool.add(readings('b', 1, 3, 3_000))).toEqual([
    { count: 3, fromMs: 1_000, toMs: 2_000, reason: 'spool full' },
  ]);
  expect(spool.size).toBe(4);
  expect(labels(spool.take(9))).toEqual(['b1', 'b2', 'b3', 'a4']);
});

test('two rounds are more than one, two readings of one round are not', async () => {
  const spool = new MemorySpool(100);
  expect(spool.holdsRounds).toBe(false);
  await spool.add(readings('a', 1, 2, 1_000));
  expect(spool.holdsRounds).toBe(false);
  await spool.add(readings('a', 3, 4, 2_000));
  expect(spool.holdsRounds).toBe(true);
});
