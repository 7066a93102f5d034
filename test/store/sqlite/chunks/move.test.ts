import { cpSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UnitReading } from '../../../../src/core/reading.ts';
import { checkStore } from '../../../../src/store/sqlite/check.ts';
import { codeOf } from '../../code-of.ts';
import { temporaryFolder } from '../../opened.ts';
import { found } from '../../samples.ts';
import { change } from '../damage.ts';
import { faulty, SqliteError } from '../in-process.ts';
import { countsIn, expectSame, moving, rowsIn, startMs, stepsOf, taken, takenEach, takenFrom } from './moving.ts';

const yearMs = 365 * 86_400_000;

/** Readings of some series, labelled and not, in no order of time. */
const drawn = fc.array(
  fc.record({
    id: fc.constantFrom('/', '/home', '/var', undefined),
    epoch: fc.constantFrom('aaaaaaaa', 'bbbbbbbb', undefined),
    tens: fc.integer({ min: 0, max: 100 }),
    source: fc.constantFrom(undefined, 'statfs', 'df'),
  }),
  { minLength: 40, maxLength: 120, size: 'max' },
);

test('a window that is gathered in parts, and series that are given out in pieces, lose nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      drawn,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 60 }),
      async (readings, seriesReadings, partReadings) => {
        const world = moving({ moveLimits: { seriesReadings, partReadings } });
        // Unlabelled ones of one time are in no order: each has a time of its own.
        const all = readings.map(({ id, epoch, tens, source }, index): UnitReading => {
          const time = startMs + tens * 10_000 + (epoch === undefined ? index + 1 : 0);
          const members = { epoch, time, ...(id !== undefined && { id }), ...(source !== undefined && { source }) };
          return taken(index + 1, epoch === undefined ? { ...members, seq: undefined } : members);
        });
        for (let from = 0; from < all.length; from += 13) await world.give(all.slice(from, from + 13));
        expect(await world.store.compact()).toBe(true);
        expect(countsIn(world.folder).rows).toBe(all.length - ((all.length - 1) % 13) - 1);
        await expectSame(world, [{}, { id: '/' }], [60_000]);
        await world.store.close();
        expect((await checkStore(world.folder)).problems).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});

test('late readings of yesterday land in their place, in the midst of what was moved', async () => {
  const world = moving();
  await world.give(takenFrom(1, 500));
  await world.give(takenFrom(501, 900));
  expect(await world.store.compact()).toBe(true);
  const yesterdayMs = startMs - 86_400_000;
  const backlog = takenEach(1, 700, (seq) => ({ epoch: 'bbbbbbbb', time: yesterdayMs + seq * 10_000 + 3 }));
  await world.give(backlog.slice(0, 400));
  await expectSame(world, [{}, { fromMs: startMs - 86_000_000, toMs: startMs - 85_000_000 }]);
  await world.give(backlog.slice(400));
  await world.give([taken(901)]);
  expect(await world.store.compact()).toBe(true);
  expect(countsIn(world.folder)).toMatchObject({ rows: 1_600, blocks: 1 });
  await expectSame(world, [{}, { fromMs: startMs - 86_000_000, toMs: startMs - 85_000_000 }, { fromMs: startMs }]);
});

test('clocks that jump by years both ways within a window cost nothing', async () => {
  const world = moving();
  const jumps = [0, 20 * yearMs, -56 * yearMs, -100 * yearMs, 7, 200_000 * yearMs];
  const readings = takenEach(1, 600, (seq) => ({
    time: startMs + seq * 10_000 + (jumps[seq % jumps.length] ?? 0),
  }));
  for (let from = 0; from < 600; from += 50) await world.give(readings.slice(from, from + 50));
  await world.give([taken(601)]);
  expect(await world.store.compact()).toBe(true);
  expect(countsIn(world.folder)).toMatchObject({ rows: 600, blocks: 1 });
  await expectSame(world, [{}, { fromMs: 0 }, { toMs: 0 }, { fromMs: startMs, toMs: startMs + yearMs }]);
});

test('readings without a label stay, each as often as it came', async () => {
  const world = moving();
  const same = taken(1, { epoch: undefined, seq: undefined });
  await world.give([same, same, taken(1), same]);
  await world.give([same, taken(2)]);
  await world.give([taken(3)]);
  expect(await world.store.compact()).toBe(true);
  expect(await found(world.store)).toEqual([same, same, same, same, taken(1), taken(2), taken(3)]);
  expect((await stepsOf(world.store))[0]?.values['celsius']?.count).toBe(7);
});

test('one unit with ten thousand series is moved and read in seconds', async () => {
  const world = moving({ segmentReadings: 65_536 });
  for (let round = 0; round < 2; round += 1) {
    const all = Array.from({ length: 10_000 }, (_, index) =>
      taken(round * 10_000 + index + 1, { id: `core ${index}`, time: startMs + round * 10_000 }),
    );
    await world.store.append({ units: [], readings: all });
  }
  await world.store.close();
  const { store, folder } = moving({ folder: world.folder });
  const began = performance.now();
  expect(await store.compact()).toBe(true);
  expect(countsIn(folder)).toEqual({ chunks: 40_000, rows: 20_000, blocks: 0 });
  expect((await found(store)).length).toBe(20_000);
  const steps = await stepsOf(store);
  expect([steps.length, steps.every(({ values }) => values['celsius']?.count === 2)]).toEqual([10_000, true]);
  expect((await stepsOf(store, { id: 'core 77' })).length).toBe(1);
  expect(performance.now() - began).toBeLessThan(45_000);
});

/** Closes a store of ten segments, damages it, and opens it again. */
async function damagedBy(sql: string): Promise<ReturnType<typeof moving>> {
  const world = moving();
  for (let from = 1; from <= 91; from += 10) await world.give([...takenFrom(from, from + 9), taken(from, {}, 'v')]);
  await world.store.close();
  change(world.folder, sql);
  return moving({ folder: world.folder });
}

test('a block that cannot be read is set aside, counted and said, once, and the rest is moved', async () => {
  const { store, folder, logged } = await damagedBy('UPDATE blocks SET checksum = checksum + 1 WHERE block IN (3, 7)');
  expect(await store.compact()).toBe(true);
  expect(logged.filter((line) => line.startsWith('error'))).toEqual(['error store-damaged {"blocks":2}']);
  expect(countsIn(folder)).toMatchObject({ rows: 88, blocks: 0 });
  expect(rowsIn(folder, 'SELECT block, readings FROM set_aside')).toEqual([
    { block: 3, readings: 11 },
    { block: 7, readings: 11 },
  ]);
  const expected = [...takenFrom(1, 20), ...takenFrom(31, 60), ...takenFrom(71, 100)];
  expect(await found(store)).toEqual(expected);
  // What it had acknowledged of them is not taken again.
  expect(await store.append({ units: [], readings: takenFrom(99, 101) })).toEqual({ duplicates: [0, 1] });
  expect(logged.filter((line) => line.startsWith('error')).length).toBe(1);
});

test('where words are lost, what can be read is moved, and the block is set aside', async () => {
  const { store, folder, logged } = await damagedBy('UPDATE words SET checksum = checksum + 1 WHERE segment = 4');
  expect(await store.compact()).toBe(true);
  expect(logged.filter((line) => line.startsWith('error'))).toEqual(['error store-damaged {"blocks":1}']);
  expect(countsIn(folder)).toMatchObject({ rows: 99, blocks: 0 });
  expect(rowsIn(folder, 'SELECT block FROM set_aside')).toEqual([{ block: 4 }]);
  expect(await found(store)).toEqual([...takenFrom(1, 30), ...takenFrom(41, 100)]);
});

test('where only the words of some readings are lost, the others of their block are moved', async () => {
  const world = moving({ segmentReadings: 20 });
  await world.store.append({ units: [], readings: takenFrom(1, 10) });
  // The unit that is new in the second block has the words of its stream with that block.
  await world.store.append({ units: [], readings: [taken(11), ...takenFrom(1, 5, 'v'), ...takenFrom(12, 15)] });
  await world.store.close();
  change(world.folder, 'UPDATE words SET checksum = checksum + 1 WHERE part = 1');
  const { store, folder, logged } = moving({ folder: world.folder });
  expect(await store.compact()).toBe(true);
  expect(logged.filter((line) => line.startsWith('error'))).toEqual(['error store-damaged {"blocks":1}']);
  expect(rowsIn(folder, 'SELECT block, readings FROM set_aside')).toEqual([{ block: 2, readings: 10 }]);
  expect(await found(store)).toEqual(takenFrom(1, 15));
  expect(await found(store, { clientId: 'v' })).toEqual([]);
});

test('a store of which every block is damaged is moved to its end', async () => {
  const { store, folder } = await damagedBy('UPDATE blocks SET checksum = checksum + 1');
  expect(await store.compact()).toBe(true);
  expect(countsIn(folder)).toEqual({ chunks: 0, rows: 0, blocks: 0 });
  expect(rowsIn(folder, 'SELECT count(*) AS count FROM set_aside')).toEqual([{ count: 10 }]);
});

test('blocks that are dropped while they are being moved are gone, and no others, and nothing is there twice', async () => {
  let isDropping = true;
  const world = moving({
    retentionMs: { 0: 60_000 },
    beforeWrite: ({ type }) => {
      if (type !== 'end-move' || !isDropping) return;
      isDropping = false;
      expect(world.writer.retain(world.clock.wallMs()).dropped).toMatchObject({ droppedReadings: 30 });
    },
  });
  for (let from = 1; from <= 91; from += 10) {
    if (from === 31) world.clock.set(61_000);
    await world.store.append({ units: [], readings: takenFrom(from, from + 9) });
  }
  expect(await world.store.compact()).toBe(false);
  expect(await found(world.store)).toEqual(takenFrom(31, 100));
  expect(await world.store.compact()).toBe(true);
  expect(countsIn(world.folder)).toMatchObject({ rows: 60, blocks: 1 });
  expect(await found(world.store)).toEqual(takenFrom(31, 100));
  await world.store.close();
  expect((await checkStore(world.folder)).problems).toEqual([]);
});

/** So many series that their chunks are written in several steps. */
function wide(from: number, to: number): UnitReading[] {
  return takenEach(from, to, (seq) => ({ id: `core ${seq}` }));
}

test('a batch that fails in the midst of a move costs the move, which begins anew', async () => {
  let isFailing = false;
  const sql: string[] = [];
  const world = moving({
    open: faulty((text) => (isFailing && text.includes('INTO units') ? new SqliteError(13) : undefined)),
    beforeWrite: ({ type }) => {
      sql.push(type);
      if (sql.filter((one) => one === 'add-chunks').length !== 2 || type !== 'add-chunks') return;
      isFailing = true;
      const batch = { storedMs: 1, blocks: [], units: [['x', '{}']] as const, gaps: [], machines: [], tokens: [] };
      expect(() => world.writer.append(batch)).toThrow(/disk is full/);
      isFailing = false;
    },
  });
  await world.give(wide(1, 200));
  await world.give([taken(201)]);
  expect(await world.store.compact()).toBe(false);
  expect(sql.at(-1)).toBe('add-chunks');
  await expectSame(world);
  expect(await world.store.compact()).toBe(true);
  expect(countsIn(world.folder)).toEqual({ chunks: 800, rows: 200, blocks: 1 });
  await expectSame(world, [{}], [60_000]);
});

test.each([2, 4, 6, 8, 10, 12])(
  'a reader that fails in step %i of a move leaves nothing that is there twice later',
  async (step) => {
    let left = step;
    const world = moving({
      beforeRead: ({ type }) => {
        left -= type === 'compact' ? 1 : 0;
        if (left === 0) throw new Error('planted');
      },
    });
    await world.give(wide(1, 200));
    await world.give([taken(201)]);
    await expect(world.store.compact()).rejects.toThrow('planted');
    expect(await world.store.compact()).toBe(true);
    expect(countsIn(world.folder)).toEqual({ chunks: 800, rows: 200, blocks: 1 });
    await expectSame(world, [{}], [60_000]);
  },
);

test('two rounds at once leave nothing twice', async () => {
  const world = moving();
  await world.give(wide(1, 200));
  await world.give([taken(201)]);
  await Promise.all([world.store.compact(), world.store.compact(), world.store.compact()]);
  await world.store.compact();
  expect(await world.store.compact()).toBe(true);
  expect(countsIn(world.folder)).toEqual({ chunks: 800, rows: 200, blocks: 1 });
  await expectSame(world, [{}], [60_000]);
});

test.each([
  { when: 'before it is run', isAfter: false },
  { when: 'after it was run', isAfter: true },
])(
  'a writer that fails at any statement of a round, $when, loses nothing and has nothing twice',
  async ({ isAfter }) => {
    let left = Number.POSITIVE_INFINITY;
    const fault = (): Error | undefined => {
      left -= 1;
      return left === 0 ? new SqliteError(1_034) : undefined;
    };
    const world = moving({
      open: isAfter ? faulty(() => undefined, fault) : faulty(fault),
      smallChunks: 4,
      moveLimits: { seriesReadings: 3 },
    });
    let failures = 0;
    await world.give(takenFrom(1, 7));
    for (let round = 1; ; round += 1) {
      await world.give(takenFrom(round * 7 + 1, round * 7 + 7));
      left = round;
      const code = await codeOf(world.store.compact());
      left = Number.POSITIVE_INFINITY;
      if (code === 'no error') break;
      expect(code).toBe('store-io-failed');
      failures += 1;
      await expectSame(world, [{}], [60_000]);
      if (round % 3 !== 0) continue;
      expect(await world.store.compact()).toBe(true);
      await expectSame(world, [{}], [60_000]);
    }
    expect(failures).toBeGreaterThan(25);
    expect(await world.store.compact()).toBe(true);
    expect(countsIn(world.folder)).toMatchObject({ rows: failures * 7 + 7, blocks: 1 });
    await world.store.close();
    expect((await checkStore(world.folder)).problems).toEqual([]);
  },
);

test('a kill before any write of a round leaves all that was stored, once', async () => {
  const copies: string[] = [];
  const folders = temporaryFolder();
  let isCopying = false;
  const world = moving({
    smallChunks: 3,
    moveLimits: { seriesReadings: 5 },
    beforeWrite: () => {
      if (!isCopying) return;
      const copy = join(folders, `${copies.length}`);
      cpSync(world.folder, copy, { recursive: true });
      copies.push(copy);
    },
  });
  await world.give(takenFrom(1, 40));
  await world.give(takenFrom(41, 60));
  await world.store.compact();
  await world.give(takenFrom(61, 64));
  await world.give(takenFrom(65, 70));
  isCopying = true;
  await world.store.compact();
  isCopying = false;
  expect(copies.length).toBeGreaterThan(5);
  for (const folder of copies) {
    const killed = moving({ folder, smallChunks: 3 });
    await expectSame({ store: killed.store, reference: world.reference }, [{}], [60_000]);
    expect(await killed.store.compact()).toBe(true);
    await expectSame({ store: killed.store, reference: world.reference }, [{}], [60_000]);
    expect(await killed.store.highestSeq('u', 'aaaaaaaa')).toBe(70);
    await killed.store.close();
    expect((await checkStore(folder)).problems).toEqual([]);
  }
});
