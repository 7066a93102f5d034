import { expect, test } from 'vitest';
import type { Dropped } from '../../../src/store/sqlite/dropped.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { found, foundSeqs, gapRecord, keeping, unitRecord } from '../samples.ts';
import { countsIn, moving, rowsIn, startMs, stepsOf, taken, takenFrom, type Moving } from './chunks/moving.ts';

const dayMs = 86_400_000;

/** All that goes now, in steps. */
function retained(writer: Writer, nowMs: number | undefined): Dropped[] {
  const drops: Dropped[] = [];
  for (;;) {
    const { dropped, more } = writer.retain(nowMs);
    if (dropped !== undefined) drops.push(dropped);
    if (!more) return drops;
  }
}

/** Three days of a reading every ten minutes, each day moved at its end; at rest. */
async function threeDays(options: Parameters<typeof moving>[0] = {}): Promise<Moving> {
  const world = moving({ smallChunks: 1_000, ...options });
  for (let day = 0; day < 3; day += 1) {
    await world.give(
      Array.from({ length: 144 }, (_, index) =>
        taken(day * 144 + index + 1, { time: startMs + day * dayMs + index * 600_000 + 5_000 }),
      ),
    );
    // What seals the day.
    await world.store.append({ units: [], readings: [taken(day + 1, {}, 'other')] });
    expect(await world.store.compact()).toBe(true);
    world.clock.set(dayMs);
  }
  return world;
}

function lengths(steps: Awaited<ReturnType<typeof stepsOf>>): [stepMs: number, timeMs: number, count: number][] {
  return steps.map(({ stepMs, timeMs, values }) => [stepMs, timeMs, values['celsius']?.count ?? 0]);
}

/** How many steps of which length, and how many readings they count. */
function summed(steps: Awaited<ReturnType<typeof stepsOf>>): Record<number, [steps: number, readings: number]> {
  const all: Record<number, [number, number]> = {};
  for (const [stepMs, , count] of lengths(steps)) {
    const [before, readings] = all[stepMs] ?? [0, 0];
    all[stepMs] = [before + 1, readings + count];
  }
  return all;
}

test('each tier goes at its own age, and steps are answered from what is left, whole, and longer where only longer ones are', async () => {
  const world = await threeDays({ retentionMs: { 0: 1.5 * dayMs, 1: 2.5 * dayMs, 2: 3.5 * dayMs, 3: 4.5 * dayMs } });
  const { store, writer, clock, reference } = world;
  const tiersLeft = (): number[] =>
    rowsIn(
      world.folder,
      "SELECT tier, sum(rows) AS rows FROM chunks JOIN series USING (series) WHERE client_id = 'u' GROUP BY tier",
    ).map(({ rows }) => Number(rows));
  expect(tiersLeft()).toEqual([432, 432, 432, 36]);

  // The third day has ended: of readings, two days are too old.
  expect(
    retained(writer, clock.wallMs()).map(({ reason, rollUp, droppedReadings }) => [reason, rollUp, droppedReadings]),
  ).toEqual([
    ['age', undefined, 289],
    ['age', '1m', 144],
  ]);
  expect(tiersLeft()).toEqual([144, 288, 432, 36]);
  expect(await foundSeqs(store)).toEqual(Array.from({ length: 144 }, (_, index) => 289 + index));
  // Of these steps each tier has what no finer one has any more.
  expect(summed(await stepsOf(store, { stepMs: 1_000 }))).toEqual({
    1_000: [144, 144],
    60_000: [144, 144],
    600_000: [144, 144],
  });
  expect(summed(await stepsOf(store, { stepMs: 60_000 }))).toEqual({ 60_000: [288, 288], 600_000: [144, 144] });
  for (const stepMs of [600_000, 1_200_000, 7_200_000, dayMs]) {
    expect(lengths(await stepsOf(store, { stepMs }))).toEqual(lengths(await stepsOf(reference, { stepMs })));
  }

  // A range in the midst of a longer step has all of it.
  const fromMs = startMs + 301_000;
  expect(lengths(await stepsOf(store, { stepMs: 60_000, fromMs, toMs: fromMs + 60_000 }))).toEqual([
    [600_000, startMs, 1],
  ]);
  await store.append({ units: [], readings: [taken(433, { time: startMs + 599_000 })] });
  expect(lengths(await stepsOf(store, { stepMs: 60_000, fromMs, toMs: fromMs + 60_000 }))).toEqual([
    [600_000, startMs, 2],
  ]);

  // Late, in the step of seven seconds in which what is read from the minutes ends and what is read from the readings begins.
  const boundaryMs = startMs + 2 * dayMs - 540_000;
  expect(boundaryMs % 7_000).toBeGreaterThan(0);
  await store.append({ units: [], readings: [taken(434, { time: boundaryMs - 1 }), taken(435, { time: boundaryMs })] });
  const counts = lengths(await stepsOf(store, { stepMs: 7_000 })).map(([, , count]) => count);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(435);

  clock.set(2 * dayMs);
  expect(retained(writer, clock.wallMs()).map(({ rollUp }) => rollUp)).toEqual([
    undefined,
    undefined,
    '1m',
    '10m',
    '2h',
  ]);
  expect(tiersLeft()).toEqual([144, 24]);
  expect(summed(await stepsOf(store, { stepMs: 1_000 }))).toMatchObject({ 600_000: [144, 144], 7_200_000: [12, 144] });
  clock.set(3 * dayMs);
  expect(retained(writer, clock.wallMs()).length).toBeGreaterThan(0);
  expect(tiersLeft()).toEqual([]);
  expect(await stepsOf(store)).toEqual([]);
});

test('the budget takes the readings first, the oldest of them first, then the roll-ups, the finest first', async () => {
  const world = await threeDays();
  await world.store.close();
  const { folder } = world;
  // What closing has sealed is moved as well.
  const sealed = moving({ folder, smallChunks: 1_000 });
  expect(await sealed.store.compact()).toBe(true);
  await sealed.store.close();
  const writer = new Writer({ folder, retentionMs: {}, budgetBytes: 1 });
  const before = rowsIn(folder, 'SELECT tier, sum(rows) AS rows FROM chunks GROUP BY tier').map(({ rows }) =>
    Number(rows),
  );
  const drops = retained(writer, undefined);
  const order = drops.map(({ rollUp }) => rollUp ?? 'readings');
  expect(order.filter((one, index) => one !== order[index - 1])).toEqual(['readings', '1m', '10m', '2h']);
  expect(new Set(drops.map(({ reason }) => reason))).toEqual(new Set(['budget']));
  for (const [tier, name] of [
    [0, undefined],
    [1, '1m'],
    [2, '10m'],
    [3, '2h'],
  ] as const) {
    const ofTier = drops.filter(({ rollUp }) => rollUp === name);
    const rows = ofTier.reduce((sum, { droppedReadings }) => sum + droppedReadings, 0);
    expect([name, rows]).toEqual([name, before[tier]]);
    expect(ofTier.map(({ fromMs }) => fromMs)).toEqual(
      ofTier.map(({ fromMs }) => fromMs).toSorted((one, other) => one - other),
    );
  }
  writer.close();
  expect(countsIn(folder)).toMatchObject({ chunks: 0, blocks: 0 });
});

test('the highest numbers go with the last reading of the unit, in a chunk or in a block, and not before', async () => {
  const world = moving({ retentionMs: { 0: dayMs } });
  const { store, writer, clock } = world;
  const highest = async (): Promise<number[]> => [
    await store.highestSeq('u', 'aaaaaaaa'),
    await store.highestSeq('u', 'bbbbbbbb'),
    await store.highestSeq('v', 'aaaaaaaa'),
  ];
  await store.append({ units: [], readings: [...takenFrom(1, 9), ...takenFrom(1, 5, 'v')] });
  await store.append({ units: [], readings: [taken(1, {}, 'other')] });
  await store.compact();
  clock.set(dayMs / 2);
  await store.append({ units: [], readings: [taken(3, { epoch: 'bbbbbbbb' })] });
  await store.append({ units: [], readings: [taken(2, {}, 'other')] });
  expect(await highest()).toEqual([9, 3, 5]);
  // The readings in chunks go: those of v were all of it, of u there is one left in a block.
  clock.set(dayMs / 2 + 1);
  expect(retained(writer, clock.wallMs()).map(({ droppedReadings }) => droppedReadings)).toEqual([14, 1]);
  expect(await found(store)).toEqual([taken(3, { epoch: 'bbbbbbbb' })]);
  expect(await highest()).toEqual([9, 3, 0]);
  expect(await store.append({ units: [], readings: [taken(9)] })).toEqual({ duplicates: [0] });
  // Moved, it is in a chunk only.
  await store.append({ units: [], readings: [taken(3, {}, 'other')] });
  await store.compact();
  expect(rowsIn(world.folder, "SELECT count(*) AS count FROM presence WHERE client_id = 'u'")).toEqual([{ count: 0 }]);
  expect(await highest()).toEqual([9, 3, 0]);
  // Its roll-ups stay, and are no readings.
  clock.set(dayMs / 2);
  retained(writer, clock.wallMs());
  expect(await highest()).toEqual([0, 0, 0]);
  expect((await stepsOf(store)).length).toBeGreaterThan(0);
  expect(await store.append({ units: [], readings: [taken(4)] })).toEqual({ duplicates: [] });
  await store.close();
  expect((await checkStore(world.folder)).problems).toEqual([]);
});

test('the numbers of a unit stay where its readings were moved and its blocks are gone', async () => {
  const world = moving();
  await world.give(takenFrom(1, 9));
  await world.give([taken(1, {}, 'other')]);
  await world.store.compact();
  await world.store.close();
  const { store } = moving({ folder: world.folder });
  expect(await store.highestSeq('u', 'aaaaaaaa')).toBe(9);
  expect(await store.append({ units: [], readings: takenFrom(8, 10) })).toEqual({ duplicates: [0, 1] });
  expect(await foundSeqs(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('the numbers of a unit of which one chunk of readings is left stay, for its older epochs too', async () => {
  const world = moving({ retentionMs: { 0: dayMs }, smallChunks: 100 });
  const { store, writer, clock } = world;
  await store.append({ units: [], readings: takenFrom(1, 9) });
  await store.append({ units: [], readings: [taken(1, {}, 'other')] });
  await store.compact();
  clock.set(dayMs / 2);
  await store.append({ units: [], readings: [taken(3, { epoch: 'bbbbbbbb' })] });
  await store.append({ units: [], readings: [taken(2, {}, 'other')] });
  await store.compact();
  expect(rowsIn(world.folder, "SELECT count(*) AS count FROM presence WHERE client_id = 'u'")).toEqual([{ count: 0 }]);
  clock.set(dayMs / 2 + 1);
  expect(retained(writer, clock.wallMs()).map(({ droppedReadings }) => droppedReadings)).toEqual([9]);
  expect(await foundSeqs(store)).toEqual([3]);
  expect([await store.highestSeq('u', 'aaaaaaaa'), await store.highestSeq('u', 'bbbbbbbb')]).toEqual([9, 3]);
});

test('gaps stay as long as a step of any tier that was stored with them', async () => {
  const world = moving({ retentionMs: { 0: dayMs, 1: 2 * dayMs, 2: 3 * dayMs, 3: 4 * dayMs } });
  const { store, writer, clock } = world;
  await store.append({ units: [], readings: takenFrom(1, 9), gaps: keeping(gapRecord(1)) });
  await store.append({ units: [], readings: [taken(1, {}, 'other')] });
  await store.compact();
  const gaps = async (): Promise<number> => (await store.gaps('u', 0, 1e9)).length;
  for (const day of [1, 2, 3]) {
    clock.set(dayMs);
    await store.append({ units: [], readings: [taken(1 + day, {}, 'other')] });
    retained(writer, clock.wallMs());
    expect(await gaps(), `after ${day} days`).toBe(1);
  }
  clock.set(dayMs + 1);
  await store.append({ units: [], readings: [taken(9, {}, 'other')] });
  retained(writer, clock.wallMs());
  expect(await gaps()).toBe(0);
});

test('the newest reading of a unit is known when its segments are gone', async () => {
  const world = moving();
  const { store, folder } = world;
  await store.append({
    units: [unitRecord('u'), unitRecord('v')],
    readings: [...takenFrom(1, 9), ...takenFrom(1, 5, 'v')],
  });
  await store.append({ units: [], readings: [taken(20), taken(10)] });
  await store.append({ units: [], readings: [taken(1, {}, 'other')] });
  await store.compact();
  await store.close();
  expect(rowsIn(folder, "SELECT count(*) AS count FROM presence WHERE client_id != 'other'")).toEqual([{ count: 0 }]);
  const again = moving({ folder });
  const { newestMs } = await again.store.lastKnown();
  expect([newestMs.get('u'), newestMs.get('v')]).toEqual([startMs + 200_000, startMs + 50_000]);
  // A later segment knows better, also of a clock that was set back.
  await again.store.append({ units: [], readings: [taken(21, { time: 5 })] });
  expect((await again.store.lastKnown()).newestMs.get('u')).toBe(5);
});
