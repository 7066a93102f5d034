import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import { MemoryStore } from '../../src/store/memory.ts';

function reading(
  seq: number | undefined,
  epoch: string | undefined = 'e',
  members: Partial<UnitReading['reading']> = {},
): UnitReading {
  return { clientId: 'u', unit: 'u', reading: { epoch, seq, time: seq ?? 0, sensor: 'test', values: {}, ...members } };
}

test('a seq at or below the highest of its epoch is a duplicate', async () => {
  const store = new MemoryStore();
  const first = await store.append({ units: [], readings: [reading(3), reading(3), reading(2), reading(4)] });
  expect(first.duplicates).toEqual([1, 2]);
  const second = await store.append({ units: [], readings: [reading(4), reading(1, 'f'), reading(5)] });
  expect(second.duplicates).toEqual([0]);
  expect(await store.highestSeq('u', 'e')).toBe(5);
  expect(await store.highestSeq('u', 'f')).toBe(1);
  expect(await store.highestSeq('u', 'g')).toBe(0);
});

test('readings without a label are stored each time', async () => {
  const store = new MemoryStore();
  const { duplicates } = await store.append({
    units: [],
    readings: [reading(undefined, undefined), reading(undefined, undefined)],
  });
  expect(duplicates).toEqual([]);
});

test('a query answers what matches, in order of arrival', async () => {
  const store = new MemoryStore();
  await store.append({
    units: [],
    readings: [reading(1), reading(2, 'e', { sensor: 'other' }), reading(3, 'e', { id: 'a' }), reading(4), reading(5)],
  });
  const found: (number | undefined)[] = [];
  for await (const { reading } of store.query({ clientId: 'u', sensor: 'test', fromMs: 1, toMs: 5 }))
    found.push(reading.seq);
  expect(found).toEqual([1, 3, 4]);
});

test('full, it drops its oldest', async () => {
  const store = new MemoryStore();
  const readings = Array.from({ length: limits.memoryReadingsMax + 3 }, (_, index) => reading(index + 1));
  await store.append({ units: [], readings });
  let first: number | undefined;
  let count = 0;
  for await (const { reading } of store.query({ clientId: 'u', fromMs: 0, toMs: Number.POSITIVE_INFINITY })) {
    first ??= reading.seq;
    count += 1;
  }
  expect([first, count]).toEqual([4, limits.memoryReadingsMax]);
});
