import { expect, test } from 'vitest';
import { foundSeqs } from '../samples.ts';
import { moving, rowsIn, startMs, stepsOf, taken } from './chunks/moving.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Three values that go up and down as those of a machine do, and are not to be packed well. */
function noisy(seq: number): Record<string, number> {
  const value = (seed: number): number => (Math.imul(Math.imul(seq, seed) ^ (seq >>> 3), 0x9e37_79b1) >>> 12) / 10;
  return { a: value(7_919), b: value(104_729), c: value(1_299_709) };
}

test('a store whose budget is full keeps what comes, and roll-ups without a hole up to it', async () => {
  const { store, writer, folder, clock } = moving({
    budgetBytes: 900_000,
    segmentReadings: 2_000,
    windowReadings: 2_000,
  });
  let seq = 0;
  for (let batch = 0; batch < 900; batch += 1) {
    const readings = Array.from({ length: 100 }, () => {
      seq += 1;
      return taken(seq, { id: `c${seq % 4}`, time: startMs + seq * 20_000, values: noisy(seq) });
    });
    await store.append({ units: [], readings });
    clock.set(100 * 20_000);
    if (batch % 20 < 19) continue;
    await store.compact();
    while (writer.retain(undefined).more);
  }
  const steps = await stepsOf(store, { stepMs: 7_200_000, id: 'c0' });
  const last = steps.at(-1)?.timeMs ?? 0;
  expect(last).toBe(Math.floor((startMs + seq * 20_000) / 7_200_000) * 7_200_000);
  expect(steps.map(({ timeMs }) => timeMs)).toEqual(
    steps.map((_, place) => last - (steps.length - 1 - place) * 7_200_000),
  );
  const reach = rowsIn(folder, 'SELECT max(to_ms) - min(from_ms) AS ms FROM chunks GROUP BY tier ORDER BY tier').map(
    ({ ms }) => Number(ms),
  );
  // Each tier reaches back further than the finer one, and none is left out.
  expect(reach).toHaveLength(4);
  expect(reach.toSorted((one, other) => one - other)).toEqual(reach);
});

test('a reading that comes late hides nothing of the time of which the readings are gone', async () => {
  const { store, writer, clock, give } = moving({ retentionMs: { 0: 1.5 * dayMs } });
  for (let day = 0; day < 3; day += 1) {
    await give(
      Array.from({ length: 144 }, (_, index) =>
        taken(day * 144 + index + 1, { time: startMs + day * dayMs + index * 600_000 }),
      ),
    );
    // What seals the day.
    await store.append({ units: [], readings: [taken(day + 1, {}, 'other')] });
    await store.compact();
    clock.set(dayMs);
  }
  // A machine whose clock stands in 1970 until it has asked for the time.
  await give([taken(433, { time: 5_000 }), taken(434, { time: startMs + 7_000 })]);
  await store.append({ units: [], readings: [taken(9, {}, 'other')] });
  expect(await store.compact()).toBe(true);
  while (writer.retain(clock.wallMs()).more);
  expect((await foundSeqs(store)).length).toBeLessThan(400);
  const counts = (await stepsOf(store, { stepMs: 7_000 })).map(({ values }) => values['celsius']?.count ?? 0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(434);
});

test('a reading a day goes at its age, though small chunks are joined', async () => {
  const { store, writer, clock, give } = moving({ retentionMs: { 0: 10 * dayMs }, smallChunks: 2 });
  for (let day = 1; day <= 30; day += 1) {
    await give([taken(day, { time: clock.wallMs() })]);
    await store.append({ units: [], readings: [taken(day, {}, 'other')] });
    await store.compact();
    while (writer.retain(clock.wallMs()).more);
    clock.set(dayMs);
  }
  expect(await foundSeqs(store)).toEqual(Array.from({ length: 11 }, (_, index) => 20 + index));
});

test('what waits in a segment that few readings fill is moved all the same', async () => {
  const { store, clock, folder } = moving({ segmentReadings: 65_536 });
  const moved = (): number =>
    Number(rowsIn(folder, 'SELECT ifnull(sum(rows), 0) AS rows FROM chunks WHERE tier = 0')[0]?.['rows']);
  await store.append({ units: [], readings: [taken(1), taken(2)] });
  clock.set(hourMs - 1);
  await store.append({ units: [], readings: [taken(3)] });
  await store.compact();
  expect(moved()).toBe(0);
  clock.set(1);
  await store.append({ units: [], readings: [taken(4)] });
  await store.compact();
  expect(moved()).toBe(3);
  expect(await foundSeqs(store)).toEqual([1, 2, 3, 4]);
});
