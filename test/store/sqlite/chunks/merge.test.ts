import { expect, test } from 'vitest';
import { smallChunksMax, smallRows } from '../../../../src/store/sqlite/chunks/merge.ts';
import { checkStore } from '../../../../src/store/sqlite/check.ts';
import { found } from '../../samples.ts';
import { change } from '../damage.ts';
import { countsIn, expectSame, moving, rowsIn, startMs, stepsOf, taken, takenFrom } from './moving.ts';

test('many small moves leave few chunks, however many they were', async () => {
  const world = moving();
  let most = 0;
  for (let move = 0; move < 200; move += 1) {
    await world.give(takenFrom(move * 5 + 1, move * 5 + 5));
    expect(await world.store.compact()).toBe(true);
    const counts = rowsIn(world.folder, `SELECT count(*) AS count FROM chunks WHERE rows < ${smallRows} GROUP BY tier`);
    most = Math.max(most, ...counts.map(({ count }) => Number(count)));
  }
  expect(most).toBe(smallChunksMax - 1);
  // Those of the readings that are not small: 995 in chunks of 512 and more.
  expect(Number(rowsIn(world.folder, 'SELECT count(*) AS count FROM chunks')[0]?.['count'])).toBeLessThan(
    4 * smallChunksMax,
  );
  expect(countsIn(world.folder).rows).toBe(995);
  await expectSame(world, [{}, { fromMs: startMs + 1_000_000, toMs: startMs + 2_000_000 }]);
  await world.store.close();
  expect((await checkStore(world.folder)).problems).toEqual([]);
});

test('the rows of one step, made in many moves, are joined into one', async () => {
  const world = moving({ smallChunks: 6 });
  for (let seq = 1; seq <= 6; seq += 1) {
    // All within a minute, the last moved first.
    await world.give([taken(seq, { time: startMs + 59_000 - seq * 1_000, values: { celsius: seq / 10 } })]);
  }
  await world.give([taken(7, { time: startMs + 90_000 })]);
  const rows = (): unknown =>
    rowsIn(world.folder, 'SELECT tier, count(*) AS chunks, sum(rows) AS rows FROM chunks GROUP BY tier');
  expect(await world.store.compact()).toBe(true);
  // All of it was one window.
  expect(rows()).toEqual([0, 1, 2, 3].map((tier) => ({ tier, chunks: 1, rows: tier === 0 ? 6 : 1 })));

  const apart = moving({ smallChunks: 6 });
  for (let seq = 1; seq <= 7; seq += 1) {
    await apart.give([taken(seq, { time: startMs + 59_000 - seq * 1_000, values: { celsius: seq / 10 } })]);
    await apart.store.compact();
  }
  expect(rowsIn(apart.folder, 'SELECT tier, count(*) AS chunks, sum(rows) AS rows FROM chunks GROUP BY tier')).toEqual(
    [0, 1, 2, 3].map((tier) => ({ tier, chunks: 1, rows: tier === 0 ? 6 : 1 })),
  );
  expect(await stepsOf(apart.store)).toEqual([
    {
      sensor: 'cpu_temp',
      id: undefined,
      timeMs: startMs,
      stepMs: 60_000,
      values: { celsius: { count: 7, min: 0.1, max: 0.7, sum: expect.closeTo(2.8, 12) } },
    },
  ]);
  await expectSame(apart);
});

test('a label is written once, however many chunks that have it were joined', async () => {
  const world = moving();
  for (let move = 0; move < 70; move += 1) {
    await world.give([taken(move + 1, { values: { celsius: 45 } })]);
    await world.store.compact();
  }
  const whole = moving();
  await whole.give(Array.from({ length: 64 }, (_, index) => taken(index + 1, { values: { celsius: 45 } })));
  await whole.give([taken(65)]);
  await whole.store.compact();
  const sizes = [world, whole].map(({ folder }) =>
    Number(rowsIn(folder, 'SELECT max(length(data)) AS size FROM chunks WHERE tier = 0')[0]?.['size']),
  );
  expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(15);
});

test('joined chunks are as old as the newest of them', async () => {
  const world = moving({ smallChunks: 3 });
  const storedMs: number[] = [];
  for (let seq = 1; seq <= 4; seq += 1) {
    storedMs.push(world.clock.wallMs());
    await world.give([taken(seq)]);
    await world.store.compact();
    world.clock.set(seq === 1 ? 120_000 : -30_000);
  }
  expect(rowsIn(world.folder, 'SELECT stored_ms FROM chunks WHERE tier = 0')).toEqual([{ stored_ms: storedMs[1] }]);
});

test('a damaged chunk is left as it is, said by queries, and keeps none of the others apart', async () => {
  const world = moving({ smallChunks: 100 });
  for (let seq = 1; seq <= 13; seq += 1) {
    await world.give([taken(seq)]);
    await world.store.compact();
  }
  await world.store.close();
  const readings = rowsIn(world.folder, 'SELECT chunk FROM chunks WHERE tier = 0 ORDER BY chunk');
  const damaged = Number(readings[4]?.['chunk']);
  change(world.folder, `UPDATE chunks SET data = zeroblob(length(data)) WHERE chunk = ${damaged}`);
  const { store, folder, logged } = moving({ folder: world.folder, smallChunks: 12 });
  expect(await store.compact()).toBe(true);
  // Twelve and one: the last came when the store was closed. Of the roll-ups there were thirteen.
  expect(rowsIn(folder, 'SELECT chunk, rows FROM chunks WHERE tier = 0 ORDER BY chunk')).toEqual([
    { chunk: damaged, rows: 1 },
    { chunk: expect.any(Number), rows: 12 },
  ]);
  expect(await found(store)).toEqual([...takenFrom(1, 4), ...takenFrom(6, 13)]);
  expect(logged.filter((line) => line.startsWith('error'))).toEqual([
    'error store-damaged {"blocks":1,"client_id":"u"}',
  ]);
  expect((await stepsOf(store))[0]?.values['celsius']?.count).toBe(5);
  // And again, with nothing to do.
  expect(await store.compact()).toBe(true);
  await store.close();
  expect((await checkStore(folder)).problems).toEqual([`chunk ${damaged}: it is damaged`]);
});

test('a series of which most small chunks are damaged keeps no other from being joined', async () => {
  const world = moving({ smallChunks: 100 });
  for (let seq = 1; seq <= 5; seq += 1) {
    await world.give([taken(seq), taken(seq, {}, 'v')]);
    await world.store.compact();
  }
  await world.store.close();
  change(world.folder, `UPDATE chunks SET checksum = checksum + 1 WHERE tier = 0 AND series = 1 AND chunk < 15`);
  const { store, folder } = moving({ folder: world.folder, smallChunks: 4 });
  expect(await store.compact()).toBe(true);
  const counts = rowsIn(folder, 'SELECT series, count(*) AS chunks FROM chunks WHERE tier = 0 GROUP BY series');
  expect(counts).toEqual([
    { series: 1, chunks: 5 },
    { series: 2, chunks: 1 },
  ]);
});
