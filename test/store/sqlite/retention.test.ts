import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { AgeClock } from '../../../src/store/sqlite/age-clock.ts';
import { opened, passUntil, temporaryFolder } from '../opened.ts';
import { foundSeqs, gapRecord, keeping, readings, unitRecord } from '../samples.ts';
import { StillClock } from '../still-clock.ts';

const dayMs = 86_400_000;

test('readings go when they were stored longer ago than they are kept, whatever their own time', async () => {
  const { store, clock, drops, nextDrop } = await opened({ retentionMs: 10 * dayMs });
  const startMs = clock.wallMs();
  await store.append({ units: [unitRecord('u')], readings: readings(1, 100) });
  clock.pass(6 * dayMs);
  await store.append({ units: [], readings: readings(101, 150) });
  const dropped = nextDrop();
  clock.pass(5 * dayMs);
  await dropped;
  expect(drops).toEqual([{ reason: 'age', droppedReadings: 100, fromMs: startMs, throughMs: startMs }]);
  expect(await foundSeqs(store)).toEqual(Array.from({ length: 50 }, (_, index) => index + 101));
  expect(await store.units()).toEqual([unitRecord('u')]);
});

test('the history of a machine that is off stays as long as any', async () => {
  const { store, clock, nextDrop } = await opened({ retentionMs: 10 * dayMs });
  await store.append({ units: [], readings: readings(1, 3, 'old') });
  clock.pass(2 * dayMs);
  await store.append({ units: [], readings: readings(1, 3, 'off') });
  const dropped = nextDrop();
  clock.pass(9 * dayMs);
  await dropped;
  expect(await foundSeqs(store, { clientId: 'old' })).toEqual([]);
  expect(await foundSeqs(store, { clientId: 'off' })).toEqual([1, 2, 3]);
});

test('the highest numbers of a unit stay as long as one of its readings', async () => {
  const { store, clock, folder, drops, nextDrop } = await opened({ retentionMs: 10 * dayMs });
  await store.append({ units: [], readings: [...readings(1, 9, 'u', 'former'), ...readings(1, 9, 'gone', 'former')] });
  clock.pass(5 * dayMs);
  await store.append({ units: [], readings: readings(1, 9, 'u', 'latter') });
  const dropped = nextDrop();
  clock.pass(6 * dayMs);
  await dropped;
  expect(drops.map(({ droppedReadings }) => droppedReadings)).toEqual([18]);
  await store.close();

  const again = await opened({ folder });
  expect(await again.store.append({ units: [], readings: readings(8, 10, 'u', 'former') })).toEqual({
    duplicates: [0, 1],
  });
  await again.store.close();

  const third = await opened({ folder, retentionMs: dayMs });
  third.clock.pass(30 * dayMs);
  const isForgotten = async (clientId: string, epoch: string): Promise<boolean> =>
    (await third.store.highestSeq(clientId, epoch)) === 0;
  await passUntil(third, () => isForgotten('gone', 'former'));
  // The oldest segment goes when there is a later one.
  await third.store.append({ units: [], readings: readings(1, 1, 'other') });
  await passUntil(third, () => isForgotten('u', 'latter'));
  expect(await isForgotten('u', 'former')).toBe(true);
  expect(await third.store.highestSeq('other', 'e')).toBe(1);
});

test('the numbers of readings hold that are dropped while their segment is written', async () => {
  const { store, clock, folder, nextDrop } = await opened({ retentionMs: dayMs });
  await store.append({ units: [], readings: readings(1, 9) });
  const dropped = nextDrop();
  clock.pass(2 * dayMs);
  await dropped;
  await store.append({ units: [], readings: readings(10, 10) });
  expect(await store.append({ units: [], readings: readings(9, 11) })).toEqual({ duplicates: [0, 1] });
  await store.close();
  const again = await opened({ folder });
  expect(await again.store.highestSeq('u', 'e')).toBe(11);
});

test('after a kill in a segment of which the oldest had been dropped, the rest is found and all numbers hold', async () => {
  const { store, clock, folder, nextDrop } = await opened({ retentionMs: 2 * dayMs });
  await store.append({ units: [], readings: [...readings(1, 3), ...readings(1, 9, 'u', 'old')] });
  clock.pass(dayMs);
  await store.append({ units: [], readings: readings(4, 6) });
  const dropped = nextDrop();
  clock.pass(1.5 * dayMs);
  await dropped;
  const copy = join(temporaryFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  const killed = await opened({ folder: copy });
  expect(await foundSeqs(killed.store)).toEqual([4, 5, 6]);
  expect(await Promise.all(['e', 'old'].map((epoch) => killed.store.highestSeq('u', epoch)))).toEqual([6, 9]);
  // Sealed, its presence decides where a query looks.
  await killed.store.append({ units: [], readings: readings(7, 7) });
  expect(await foundSeqs(killed.store, { fromMs: 0, toMs: 100 })).toEqual([4, 5, 6, 7]);
});

test('a unit that has readings in a later segment keeps its numbers of an earlier one', async () => {
  const first = await opened();
  await first.store.append({ units: [], readings: readings(1, 3, 'u', 'former') });
  await first.store.close();
  const second = await opened({ folder: first.folder });
  second.clock.pass(5 * dayMs);
  await second.store.append({ units: [], readings: readings(1, 3, 'u', 'latter') });
  await second.store.close();
  const third = await opened({ folder: first.folder, retentionMs: 2 * dayMs });
  await third.store.append({ units: [], readings: readings(1, 3, 'other') });
  third.clock.pass(6 * dayMs);
  const segments = new DatabaseSync(join(first.folder, 'telemetry.db'), { readOnly: true });
  onTestFinished(() => {
    segments.close();
  });
  const firstSegment = segments.prepare('SELECT min(segment) AS first FROM segments');
  await passUntil(third, () => firstSegment.get()?.['first'] === 2);
  expect(await foundSeqs(third.store)).toEqual([1, 2, 3]);
  expect(await third.store.highestSeq('u', 'former')).toBe(3);
});

test('gaps go when they ended, and were stored, before all readings that are left; one that lasts stays', async () => {
  const { store, clock, nextDrop } = await opened({ retentionMs: 10 * dayMs });
  const lasts = gapRecord(2, { toMs: undefined });
  // By the clock of the unit it is the distant past, which is not what counts.
  await store.append({ units: [], readings: readings(1, 3), gaps: keeping(gapRecord(1), lasts) });
  clock.pass(6 * dayMs);
  await store.append({ units: [], readings: readings(4, 6), gaps: keeping(gapRecord(3)) });
  const numbers = async (): Promise<number[]> => (await store.gaps('u', 0, 1e9)).map(({ number }) => number);
  expect(await numbers()).toEqual([1, 2, 3]);
  const dropped = nextDrop();
  clock.pass(5 * dayMs);
  await dropped;
  await passUntil({ clock, store }, async () => (await numbers()).length < 3);
  expect(await numbers()).toEqual([2, 3]);
});

test('readings that were stored while the clock was ahead make no gap old', async () => {
  const { store, clock } = await opened({ retentionMs: 10 * dayMs });
  await store.append({ units: [], readings: [], gaps: keeping(gapRecord(1)) });
  clock.set(365 * dayMs);
  await store.append({ units: [], readings: readings(1, 5) });
  clock.set(-365 * dayMs);
  for (let minute = 0; minute < 5; minute += 1) {
    clock.pass(60_000);
    await store.highestSeq('nobody', 'none');
  }
  expect(await store.gaps('u', 0, 1e9)).toEqual([gapRecord(1)]);
});

test('the newest readings of units are known after the segment of each has ended, the newest segment first', async () => {
  const first = await opened();
  const units = [unitRecord('u'), unitRecord('a')];
  await first.store.append({ units, readings: [...readings(100, 110), ...readings(50, 60, 'a')] });
  await first.store.close();
  const second = await opened({ folder: first.folder });
  await second.store.append({ units: [], readings: readings(20, 30, 'u', 'f') });
  await second.store.close();
  const { store } = await opened({ folder: first.folder });
  expect(Object.fromEntries((await store.lastKnown()).newestMs)).toEqual({ a: 60, u: 30 });
  await store.append({ units: [], readings: readings(7, 8, 'a', 'f') });
  expect(Object.fromEntries((await store.lastKnown()).newestMs)).toEqual({ u: 30, a: 8 });
});

test('a clock that jumps ahead drops nothing for a day', () => {
  const clock = new StillClock();
  const age = new AgeClock(clock);
  clock.pass(60_000);
  expect(age.nowMs()).toBe(clock.wallMs());
  clock.set(3 * 365 * dayMs);
  expect(age.nowMs()).toBeUndefined();
  clock.pass(dayMs - 60_000);
  expect(age.nowMs()).toBeUndefined();
  clock.pass(60_000);
  expect(age.nowMs()).toBe(clock.wallMs());
});

test('a clock that jumps ahead and back is trusted at once', () => {
  const clock = new StillClock();
  const age = new AgeClock(clock);
  clock.set(3 * 365 * dayMs);
  expect(age.nowMs()).toBeUndefined();
  clock.set(-3 * 365 * dayMs);
  expect(age.nowMs()).toBe(clock.wallMs());
});

test('readings that were stored while the clock was ahead are as old as those after them', async () => {
  const { store, clock, drops, nextDrop } = await opened({ retentionMs: 10 * dayMs });
  clock.set(365 * dayMs);
  await store.append({ units: [], readings: readings(1, 5) });
  clock.set(-365 * dayMs);
  await store.append({ units: [], readings: readings(6, 9) });
  const dropped = nextDrop();
  clock.pass(11 * dayMs);
  await dropped;
  expect(drops.map(({ droppedReadings }) => droppedReadings)).toEqual([9]);
});
