import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { Directory, Store } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { opened } from './opened.ts';
import { found, foundSeqs, gapRecord, keeping, reading, readings, unitRecord, unlabelled } from './samples.ts';

const stores: readonly { readonly name: string; readonly open: () => Promise<Store & Directory> }[] = [
  { name: 'the store in memory', open: async () => new MemoryStore() },
  { name: 'the store on disk', open: async () => (await opened()).store },
];

describe.each(stores)('$name', ({ open }) => {
  test('takes a seq at or below the highest of its epoch for a duplicate', async () => {
    const store = await open();
    const first = await store.append({ units: [], readings: [reading(3), reading(3), reading(2), reading(4)] });
    expect(first.duplicates).toEqual([1, 2]);
    const second = await store.append({ units: [], readings: [reading(4), reading(1, 'f'), reading(5)] });
    expect(second.duplicates).toEqual([0]);
    expect(await foundSeqs(store)).toEqual([3, 4, 1, 5]);
    expect(await Promise.all(['e', 'f', 'g'].map((epoch) => store.highestSeq('u', epoch)))).toEqual([5, 1, 0]);
    expect(await store.highestSeq('nobody', 'e')).toBe(0);
  });

  test('tells units apart, and epochs that differ in their case', async () => {
    const store = await open();
    await store.append({
      units: [],
      readings: [...readings(1, 3, 'a', 'abcdef00'), ...readings(1, 3, 'b', 'abcdef00')],
    });
    const { duplicates } = await store.append({ units: [], readings: readings(1, 3, 'a', 'ABCDEF00') });
    expect(duplicates).toEqual([]);
    expect(await foundSeqs(store, { clientId: 'a' })).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await foundSeqs(store, { clientId: 'b' })).toEqual([1, 2, 3]);
  });

  test('stores readings without a label each time', async () => {
    const store = await open();
    const twice = [unlabelled(), unlabelled()];
    expect(await store.append({ units: [], readings: twice })).toEqual({ duplicates: [] });
    expect(await store.append({ units: [], readings: twice })).toEqual({ duplicates: [] });
    expect(await foundSeqs(store)).toHaveLength(4);
  });

  test('gives readings back as they came, with the name that the unit had then', async () => {
    const store = await open();
    const came: UnitReading[] = [
      { ...reading(1, 'e', { id: '', source: 'a "source"', values: { celsius: 54.5, low: -0.1 } }), unit: 'old name' },
      reading(2, 'e', { id: 'ünïcode/\u2028', values: { low: 1e-300, celsius: Number.MAX_SAFE_INTEGER } }),
      { ...reading(Number.MAX_SAFE_INTEGER, 'e', { time: 8_640_000_000_000_000 }), unit: 'new name' },
      { ...unlabelled({ values: { celsius: 1 } }), unit: 'new name' },
    ];
    await store.append({ units: [], readings: came });
    expect(await found(store)).toEqual(came);
    expect(Object.keys((await found(store))[1]?.reading.values ?? {})).toEqual(['low', 'celsius']);
    expect(await store.highestSeq('u', 'e')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('answers what matches, in order of arrival and not of time', async () => {
    const store = await open();
    const members = { sensor: 'other' };
    await store.append({ units: [], readings: [reading(8), reading(9, 'e', members), reading(10, 'e', { id: 'a' })] });
    await store.append({
      units: [],
      readings: [reading(1, 'f'), reading(5, 'f', { id: 'a' }), reading(6, 'f', members)],
    });
    expect(await foundSeqs(store)).toEqual([8, 9, 10, 1, 5, 6]);
    expect(await foundSeqs(store, { sensor: 'test' })).toEqual([8, 10, 1, 5]);
    expect(await foundSeqs(store, { sensor: 'test', id: 'a' })).toEqual([10, 5]);
    expect(await foundSeqs(store, { sensor: 'none' })).toEqual([]);
    expect(await foundSeqs(store, { clientId: 'nobody' })).toEqual([]);
  });

  test('takes the first bound of time in and leaves the last out', async () => {
    const store = await open();
    await store.append({ units: [], readings: readings(1, 9) });
    expect(await foundSeqs(store, { fromMs: 3, toMs: 6 })).toEqual([3, 4, 5]);
    expect(await foundSeqs(store, { fromMs: 6, toMs: 3 })).toEqual([]);
    expect(await foundSeqs(store, { fromMs: 4, toMs: 4 })).toEqual([]);
    expect(await foundSeqs(store, { fromMs: Number.NaN, toMs: Number.NaN })).toEqual([]);
  });

  test('shows units as they were stored last', async () => {
    const store = await open();
    await store.append({ units: [unitRecord('a'), unitRecord('b', { v: 1 })], readings: [] });
    await store.append({ units: [unitRecord('a', { left: true }), unitRecord('a', { name: 'third' })], readings: [] });
    expect(await store.units()).toEqual([unitRecord('a', { name: 'third' }), unitRecord('b', { v: 1 })]);
  });

  test('keeps gaps as they were stored last, and finds those that touch a time', async () => {
    const store = await open();
    const sensor = { reason: 'sensor-gone', sensor: 'disk', id: '/mnt', toMs: undefined } as const;
    await store.append({ units: [], readings: [], gaps: keeping(gapRecord(1), gapRecord(2, sensor), gapRecord(3)) });
    const filled = gapRecord(1, { filledMs: 120 });
    const ofOther = gapRecord(4, { clientId: 'v' });
    const forgotten = { clientId: 'u', number: 3, gap: undefined };
    await store.append({ units: [], readings: [], gaps: [...keeping(filled, ofOther), forgotten] });
    const numbers = async (fromMs: number, toMs: number): Promise<number[]> =>
      (await store.gaps('u', fromMs, toMs)).map(({ number }) => number);
    expect(await store.gaps('u', 0, Number.POSITIVE_INFINITY)).toEqual([filled, gapRecord(2, sensor)]);
    expect(await numbers(150, 200)).toEqual([1]);
    expect(await numbers(151, 201)).toEqual([2]);
    expect(await numbers(0, 100)).toEqual([]);
    expect(await numbers(1e15, Number.POSITIVE_INFINITY)).toEqual([2]);
    expect(await store.gaps('nobody', 0, 1e9)).toEqual([]);
  });

  test('keeps so many gaps of a unit, and those that last whatever their number', async () => {
    const store = await open();
    const lasts = gapRecord(1, { reason: 'sensor-gone', sensor: 'disk', toMs: undefined });
    const more = Array.from({ length: limits.gapsAUnitMax + 4 }, (_, index) => gapRecord(index + 2));
    await store.append({ units: [], readings: [], gaps: keeping(lasts, ...more, gapRecord(1, { clientId: 'v' })) });
    const gaps = await store.gaps('u', 0, 1e9);
    expect(gaps[0]).toEqual(lasts);
    expect(gaps.at(-1)?.number).toBe(limits.gapsAUnitMax + 5);
    expect(gaps.length).toBeLessThanOrEqual(limits.gapsAUnitMax + 1);
    expect(gaps.length).toBeGreaterThanOrEqual(limits.gapsAUnitMax);
    expect(await store.gaps('v', 0, 1e9)).toHaveLength(1);
  });

  test('tells the next server which gaps last or may be filled, and what the newest readings are', async () => {
    const store = await open();
    expect(await store.lastKnown()).toEqual({ gaps: [], gapNumber: 0, newestMs: new Map() });
    const lasts = gapRecord(2, { reason: 'sensor-gone', sensor: 'disk', toMs: undefined });
    const dropped = gapRecord(8, { reason: 'spool-dropped', count: 3 });
    const ofOther = gapRecord(6, { clientId: 'v', reason: 'left', toMs: undefined });
    await store.append({
      units: [unitRecord('u'), unitRecord('v')],
      readings: [...readings(1, 9), ...readings(4, 5), ...readings(1, 3, 'v')],
      gaps: [
        ...keeping(gapRecord(1), lasts, gapRecord(3, { filledMs: 350 }), dropped, ofOther),
        ...keeping(...Array.from({ length: limits.fillableGapsMax }, (_, index) => gapRecord(index + 10))),
      ],
    });
    const { gaps, gapNumber, newestMs } = await store.lastKnown();
    expect(gaps.map(({ clientId, number }) => `${clientId}${number}`)).toEqual([
      'u2',
      ...Array.from({ length: limits.fillableGapsMax }, (_, index) => `u${index + 10}`),
      'v6',
    ]);
    expect(gaps[0]).toEqual(lasts);
    expect(gapNumber).toBe(limits.fillableGapsMax + 9);
    expect(Object.fromEntries(newestMs)).toEqual({ u: 9, v: 3 });
  });

  test('takes an empty batch', async () => {
    const store = await open();
    expect(await store.append({ units: [], readings: [] })).toEqual({ duplicates: [] });
    expect(await store.units()).toEqual([]);
  });

  test('keeps the order of batches that are handed over without waiting', async () => {
    const store = await open();
    const batches = Array.from({ length: 20 }, (_, index) => ({
      units: [],
      readings: readings(index * 3 + 1, index * 3 + 4),
    }));
    const outcomes = await Promise.all(batches.map((batch) => store.append(batch)));
    // Each batch begins with the last reading of the one before.
    expect(outcomes.map(({ duplicates }) => duplicates)).toEqual(batches.map((_, index) => (index === 0 ? [] : [0])));
    expect(await foundSeqs(store)).toEqual(Array.from({ length: 61 }, (_, index) => index + 1));
  });

  test('names the duplicates of a large batch by their places in it', async () => {
    const store = await open();
    await store.append({ units: [], readings: [...readings(1, 2, 'v'), ...readings(1, 2, 'w')] });
    const batch = [...readings(1, 3_000), ...readings(2, 4, 'v'), ...readings(3_001, 6_000), ...readings(2, 3, 'w')];
    expect(await store.append({ units: [], readings: batch })).toEqual({ duplicates: [3_000, 6_003] });
    expect(await foundSeqs(store, { clientId: 'v' })).toEqual([1, 2, 3, 4]);
    expect(await foundSeqs(store)).toHaveLength(6_000);
  });

  test('answers a query of much, as it was when the query began', async () => {
    const store = await open();
    await store.append({ units: [], readings: readings(1, 6_000) });
    const seen: (number | undefined)[] = [];
    for await (const { reading } of store.query({ clientId: 'u', fromMs: 0, toMs: 1e9 })) {
      seen.push(reading.seq);
      const last = 6_000 + seen.length;
      if (seen.length % 1_000 === 1) await store.append({ units: [], readings: readings(last, last) });
    }
    expect(seen).toEqual(Array.from({ length: 6_000 }, (_, index) => index + 1));
  });
});

test('the store on disk does as the one in memory does, whatever comes', async () => {
  const { store } = await opened();
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/);
  const values = fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true }), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  const label = fc.option(fc.record({ epoch: fc.constantFrom('e', 'f', 'E'), seq: fc.integer({ min: 1, max: 12 }) }), {
    nil: undefined,
  });
  const one = fc.record({
    clientId: fc.constantFrom('a', 'b', 'c'),
    unit: fc.constantFrom('x', 'y'),
    label,
    time: fc.integer({ min: 0, max: 9 }),
    sensor: fc.constantFrom('s', 't'),
    id: fc.option(fc.string({ maxLength: 3, unit: 'binary' }), { nil: undefined }),
    source: fc.option(fc.constantFrom('p', 'q'), { nil: undefined }),
    values,
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(one, { maxLength: 12 }), { maxLength: 5 }), async (batches) => {
      run += 1;
      const memory = new MemoryStore();
      for (const batch of batches) {
        const readings = batch.map(({ clientId, unit, label, ...members }) => ({
          clientId: `${clientId}${run}`,
          unit,
          reading: { epoch: label?.epoch, seq: label?.seq, ...members },
        }));
        expect(await store.append({ units: [], readings })).toEqual(await memory.append({ units: [], readings }));
      }
      for (const query of [
        { clientId: `a${run}` },
        { clientId: `b${run}`, sensor: 's' },
        { clientId: `c${run}`, fromMs: 3, toMs: 7 },
      ]) {
        expect(await found(store, query)).toEqual(await found(memory, query));
      }
      expect(await store.highestSeq(`a${run}`, 'E')).toBe(await memory.highestSeq(`a${run}`, 'E'));
    }),
    { numRuns: 60 },
  );
});
