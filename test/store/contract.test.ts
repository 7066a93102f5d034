import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { JoinTokenRecord, MachineRecord } from '../../src/core/machine.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { Directory, SeriesStep, StepQuery, StepValue, Store } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { addValues, joinStepValues, recordOf, type StepValues } from '../../src/store/step-values.ts';
import { opened } from './opened.ts';
import {
  found,
  foundSeqs,
  gapRecord,
  keeping,
  keepingMachines,
  keepingTokens,
  keyOf,
  machineRecord,
  reading,
  readings,
  tokenRecord,
  unitRecord,
  unlabelled,
} from './samples.ts';

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
    expect(await foundSeqs(store)).toEqual([1, 3, 4, 5]);
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
    expect(await foundSeqs(store, { clientId: 'a' })).toEqual([1, 1, 2, 2, 3, 3]);
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
    const [first, second, latest, earliest] = came;
    expect(await found(store)).toEqual([earliest, first, second, latest]);
    expect(Object.keys((await found(store))[2]?.reading.values ?? {})).toEqual(['low', 'celsius']);
    expect(await store.highestSeq('u', 'e')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('answers what matches, in order of time and not of arrival', async () => {
    const store = await open();
    const members = { sensor: 'other' };
    await store.append({ units: [], readings: [reading(8), reading(9, 'e', members), reading(10, 'e', { id: 'a' })] });
    await store.append({
      units: [],
      readings: [reading(1, 'f'), reading(5, 'f', { id: 'a' }), reading(6, 'f', members)],
    });
    expect(await foundSeqs(store)).toEqual([1, 5, 6, 8, 9, 10]);
    expect(await foundSeqs(store, { sensor: 'test' })).toEqual([1, 5, 8, 10]);
    expect(await foundSeqs(store, { sensor: 'test', id: 'a' })).toEqual([5, 10]);
    expect(await foundSeqs(store, { sensor: 'none' })).toEqual([]);
    expect(await foundSeqs(store, { clientId: 'nobody' })).toEqual([]);
  });

  test('orders readings of one time by epoch and seq, those without a label first and as they came', async () => {
    const store = await open();
    const at = (seq: number, epoch: string): UnitReading => reading(seq, epoch, { time: 7 });
    const bare = (source: string): UnitReading => unlabelled({ time: 7, source });
    await store.append({ units: [], readings: [at(3, 'f'), bare('second'), at(10, 'e')] });
    await store.append({
      units: [],
      readings: [bare('first'), reading(11, 'e', { time: 6 }), at(12, 'e'), at(1, 'E')],
    });
    const labels = (await found(store)).map(({ reading: { epoch, seq, source } }) => source ?? `${epoch}${seq}`);
    expect(labels).toEqual(['e11', 'second', 'first', 'E1', 'e10', 'e12', 'f3']);
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

  test('keeps machines and join tokens as they were stored last, until they are let go', async () => {
    const store = await open();
    expect([await store.machines(), await store.tokens()]).toEqual([[], []]);
    const machines = [machineRecord('a', { tokenId: 'T' }), machineRecord('b'), machineRecord('c')];
    const tokens = [tokenRecord('T'), tokenRecord('U'), tokenRecord('t')];
    await store.append({
      ...nothing,
      machines: keepingMachines(...machines),
      tokens: keepingTokens(...tokens),
    });
    expect(await keptBy(store)).toEqual({ machines, tokens });
    const revoked = machineRecord('a', { state: 'revoked', name: 'ünï "code"\u2028', lastSeenMs: 1_795_255_300_000 });
    await store.append({
      ...nothing,
      machines: [{ publicKey: keyOf('b'), machine: undefined }, ...keepingMachines(revoked, machineRecord('d'))],
      tokens: [{ id: 't', token: undefined }, ...keepingTokens(tokenRecord('U', { uses: 2, revoked: true }))],
    });
    expect(await keptBy(store)).toEqual({
      machines: [revoked, machineRecord('c'), machineRecord('d')],
      tokens: [tokenRecord('T'), tokenRecord('U', { uses: 2, revoked: true })],
    });
    await store.append({ ...nothing, machines: keepingMachines(machineRecord('b', { state: 'pending' })) });
    expect((await keptBy(store)).machines[1]).toEqual(machineRecord('b', { state: 'pending' }));
  });

  test('tells keys apart that differ in their case, and keys from ids', async () => {
    const store = await open();
    const [lower, upper] = [machineRecord('k', { name: 'lower' }), machineRecord('K', { name: 'upper' })];
    const token = tokenRecord(keyOf('k'));
    await store.append({ ...nothing, machines: keepingMachines(upper, lower), tokens: keepingTokens(token) });
    await store.append({ ...nothing, machines: [{ publicKey: keyOf('K'), machine: undefined }] });
    expect(await keptBy(store)).toEqual({ machines: [lower], tokens: [token] });
  });

  test('stores units, readings, machines and join tokens of one batch, once however often it comes', async () => {
    const store = await open();
    const batch = {
      units: [unitRecord('u')],
      readings: readings(1, 3),
      machines: [{ publicKey: keyOf('none'), machine: undefined }, ...keepingMachines(machineRecord('a'))],
      tokens: [{ id: 'none', token: undefined }, ...keepingTokens(tokenRecord('T'))],
    };
    expect(await store.append(batch)).toEqual({ duplicates: [] });
    expect(await store.append(batch)).toEqual({ duplicates: [0, 1, 2] });
    expect(await keptBy(store)).toEqual({ machines: [machineRecord('a')], tokens: [tokenRecord('T')] });
    expect([await store.units(), await foundSeqs(store)]).toEqual([[unitRecord('u')], [1, 2, 3]]);
    await store.append({ units: [unitRecord('u', { left: true })], readings: readings(4, 4) });
    expect(await keptBy(store)).toEqual({ machines: [machineRecord('a')], tokens: [tokenRecord('T')] });
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

  describe('in steps', () => {
    test('gives series after series, by sensor and id, those without an id first, each in order of time', async () => {
      const store = await open();
      const at = (seq: number, time: number, sensor: string, id?: string): UnitReading =>
        reading(seq, 'e', { time, sensor, id, values: { x: seq } });
      const came = [at(1, 90_000, 'ram'), at(2, 1, 'disk', '/var'), at(3, 1, 'disk', '/'), at(4, 1, 'disk')];
      await store.append({ units: [], readings: came });
      await store.append({ units: [], readings: [at(5, 2, 'ram'), at(6, 60_000, 'disk', '/'), at(7, 1, 'a', '')] });
      const steps = await foundSteps(store);
      expect(steps.map(({ sensor, id, timeMs }) => [sensor, id, timeMs])).toEqual([
        ['a', '', 0],
        ['disk', undefined, 0],
        ['disk', '/', 0],
        ['disk', '/', 60_000],
        ['disk', '/var', 0],
        ['ram', undefined, 0],
        ['ram', undefined, 60_000],
      ]);
      expect(steps.every(({ stepMs }) => stepMs === 60_000)).toBe(true);
      const series = async (query: Partial<StepQuery>): Promise<unknown[]> =>
        (await foundSteps(store, query)).map(({ sensor, id, timeMs }) => [sensor, id, timeMs]);
      expect(await series({ sensor: 'disk', id: '/' })).toEqual([
        ['disk', '/', 0],
        ['disk', '/', 60_000],
      ]);
      expect(await series({ id: '' })).toEqual([['a', '', 0]]);
      expect(await series({ sensor: 'none' })).toEqual([]);
      expect(await series({ clientId: 'nobody' })).toEqual([]);
    });

    test('knows of each value how many there were, the smallest, the largest and the sum', async () => {
      const store = await open();
      const taken = [5, -3, 8, 0.5].map((x, index) =>
        reading(index + 1, 'e', { time: 60_000 + index * 1_000, values: { x, [`only_${index}`]: 1 } }),
      );
      await store.append({ units: [], readings: taken });
      await store.append({ units: [], readings: [reading(9, 'e', { time: 119_999, values: { x: 1.5 } })] });
      expect(await foundSteps(store)).toEqual([
        {
          sensor: 'test',
          id: undefined,
          timeMs: 60_000,
          stepMs: 60_000,
          values: {
            x: { count: 5, min: -3, max: 8, sum: 12 },
            ...Object.fromEntries(taken.map((_, index) => [`only_${index}`, { count: 1, min: 1, max: 1, sum: 1 }])),
          },
        },
      ]);
    });

    test('joins what the shapes of one series have in common, and has no step where there is no value', async () => {
      const store = await open();
      const shapes = [{ a: 1, b: 2 }, { b: 4, a: 8 }, { b: 16 }, { c: 32 }, {}];
      const taken = shapes.map((values, index) => reading(index + 1, 'e', { time: index, values }));
      const bare = [reading(8, 'e', { time: 70_000 }), unlabelled({ time: 5, values: { c: 64 } })];
      await store.append({ units: [], readings: [...taken, ...bare] });
      const steps = await foundSteps(store);
      expect(steps.map(({ timeMs, values }) => [timeMs, values])).toEqual([
        [
          0,
          {
            a: { count: 2, min: 1, max: 8, sum: 9 },
            b: { count: 3, min: 2, max: 16, sum: 22 },
            c: { count: 2, min: 32, max: 64, sum: 96 },
          },
        ],
      ]);
    });

    test('takes the bounds for those of their steps, so that every step is whole', async () => {
      const store = await open();
      const each100ms = Array.from({ length: 50 }, (_, index) =>
        reading(index + 1, 'e', { time: (index + 1) * 100, values: { x: 1 } }),
      );
      await store.append({ units: [], readings: each100ms });
      const counts = async (fromMs: number, toMs: number): Promise<unknown[]> =>
        (await foundSteps(store, { fromMs, toMs, stepMs: 1_000 })).map(({ timeMs, values }) => [
          timeMs,
          values['x']?.count,
        ]);
      expect(await counts(1_500, 3_001)).toEqual([
        [1_000, 10],
        [2_000, 10],
        [3_000, 10],
      ]);
      expect(await counts(1_000, 3_000)).toEqual([
        [1_000, 10],
        [2_000, 10],
      ]);
      expect(await counts(0, 1)).toEqual([[0, 9]]);
      expect(await counts(2_500, 2_501)).toEqual([[2_000, 10]]);
      expect(await counts(2_600, 2_500)).toEqual([]);
      expect(await counts(2_500, 2_500)).toEqual([]);
      expect(await counts(Number.NaN, Number.NaN)).toEqual([]);
      expect(await counts(6_000, 9e15)).toEqual([]);
    });

    test('is right before 1970, at the end of time, and with steps that no roll-up has', async () => {
      const store = await open();
      const times = [-120_000, -1, 0, 6_999, 7_000, 8_640_000_000_000_000];
      await store.append({
        units: [],
        readings: times.map((time, index) => reading(index + 1, 'e', { time, values: { x: 1 } })),
      });
      const begins = async (stepMs: number): Promise<unknown[]> =>
        (await foundSteps(store, { stepMs })).map(({ timeMs, values }) => [timeMs, values['x']?.sum]);
      expect(await begins(60_000)).toEqual([
        [-120_000, 1],
        [-60_000, 1],
        [0, 3],
        [8_640_000_000_000_000, 1],
      ]);
      expect(await begins(7_000)).toEqual([
        [-126_000, 1],
        [-7_000, 1],
        [0, 2],
        [7_000, 1],
        [8_639_999_999_995_000, 1],
      ]);
      expect(await begins(366 * 86_400_000)).toEqual([
        [-31_622_400_000, 2],
        [0, 3],
        [8_639_998_617_600_000, 1],
      ]);
    });

    test('ends early where its signal is aborted', async () => {
      const store = await open();
      await store.append({
        units: [],
        readings: Array.from({ length: 2_000 }, (_, index) =>
          reading(index + 1, 'e', { time: index * 1_000, values: { x: 1 } }),
        ),
      });
      const end = new AbortController();
      let count = 0;
      for await (const _ of store.steps({ clientId: 'u', fromMs: 0, toMs: 1e9, stepMs: 1_000 }, end.signal)) {
        count += 1;
        end.abort();
      }
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(1_024);
    });
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

test('the store on disk keeps the machines that the one in memory does, whatever comes', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const state = fc.constantFrom(undefined, 'pending', 'approved', 'revoked', 'forgotten');
  const batch = fc.uniqueArray(fc.record({ key, state, name: fc.string({ maxLength: 4, unit: 'binary' }) }), {
    selector: (change) => change.key,
    maxLength: 4,
  });
  const { store } = await opened();
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 6 }), async (batches) => {
      const memory = new MemoryStore();
      const gone = ['a', 'b', 'c', 'd'].map((one) => ({ publicKey: keyOf(one), machine: undefined }));
      await store.append({ ...nothing, machines: gone });
      for (const changes of batches) {
        const machines = changes.map(({ key, state, name }) => ({
          publicKey: keyOf(key),
          machine: state && machineRecord(key, { state, name }),
        }));
        await store.append({ ...nothing, machines });
        await memory.append({ ...nothing, machines });
      }
      expect(await keptBy(store)).toEqual(await keptBy(memory));
    }),
    { numRuns: 60 },
  );
});

test('the store on disk joins in steps what the one in memory does, whatever comes', async () => {
  const { store } = await opened();
  const one = fc.record({
    epoch: fc.constantFrom('e', 'f'),
    seq: fc.integer({ min: 1, max: 60 }),
    time: fc.oneof(fc.integer({ min: -10_000, max: 200_000 }), fc.constantFrom(-8.64e15, 8.64e15)),
    sensor: fc.constantFrom('s', 't'),
    id: fc.constantFrom(undefined, '', 'a'),
    // Whole numbers, whose sums are the same in any order.
    values: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.integer(), { noNullPrototype: true }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(one, { maxLength: 20 }), { maxLength: 4 }),
      fc.constantFrom(1_000, 1_500, 60_000, 61_000, 7_200_000),
      fc.integer({ min: -20_000, max: 100_000 }),
      async (batches, stepMs, fromMs) => {
        run += 1;
        const memory = new MemoryStore();
        for (const batch of batches) {
          const readings = batch.map((members) => ({ clientId: `u${run}`, unit: 'u', reading: members }));
          await store.append({ units: [], readings });
          await memory.append({ units: [], readings });
        }
        for (const query of [{}, { sensor: 's' }, { id: '' }, { fromMs, toMs: fromMs + 70_000 }]) {
          const asked = { clientId: `u${run}`, stepMs, ...query };
          expect(await foundSteps(store, asked)).toEqual(await foundSteps(memory, asked));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('parts of a step joined in any order are what their readings are together', () => {
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 8 });
  const gathered = (numbers: readonly number[]): StepValue => {
    const into: StepValues = new Map();
    for (const x of numbers) addValues(into, { x });
    return recordOf(into)['x'] ?? expect.unreachable();
  };
  fc.assert(
    fc.property(values, values, (a, b) => {
      const whole = gathered([...a, ...b]);
      expect(joinStepValues(gathered(a), gathered(b))).toEqual(whole);
      expect(joinStepValues(gathered(b), gathered(a))).toEqual(whole);
    }),
  );
});

const nothing = { units: [], readings: [] };

/** In the order of their keys and ids: a store has none. */
async function keptBy(
  store: Directory,
): Promise<{ readonly machines: readonly MachineRecord[]; readonly tokens: readonly JoinTokenRecord[] }> {
  const [machines, tokens] = [await store.machines(), await store.tokens()];
  return {
    machines: machines.toSorted((one, other) => compareText(one.publicKey, other.publicKey)),
    tokens: tokens.toSorted((one, other) => compareText(one.id, other.id)),
  };
}

function compareText(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}

/** All that a query in steps answers; without bounds all that is stored of unit `u`, by the minute. */
async function foundSteps(store: Pick<Store, 'steps'>, query: Partial<StepQuery> = {}): Promise<SeriesStep[]> {
  const all: SeriesStep[] = [];
  const bounds = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  for await (const step of store.steps({ clientId: 'u', ...bounds, stepMs: 60_000, ...query })) all.push(step);
  return all;
}
