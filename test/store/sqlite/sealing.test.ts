import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { UnitReading } from '../../../src/core/reading.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { temporaryFolder } from '../opened.ts';
import { found, readings } from '../samples.ts';
import { StillClock } from '../still-clock.ts';
import { inProcessStore } from './in-process.ts';

const units = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
/** Two rounds of all units. */
const segmentReadings = 14;
const keptMs = 60_000;

/** A store that seals two units a commit: a seal takes four of the seven commits that a segment has. */
function sealing(folder: string): SqliteStore {
  return writing(folder).store;
}

function writing(folder: string): { readonly store: SqliteStore; readonly writer: Writer; readonly clock: StillClock } {
  const writer = new Writer({ folder, retentionMs: { 0: keptMs }, budgetBytes: undefined, sealedUnitsMax: 2 });
  writer.open();
  const clock = new StillClock();
  return { store: inProcessStore(writer, folder, { segmentReadings, clock }), writer, clock };
}

/** The readings of commit `step`, of two units each. Each segment begins with another unit, and so has other numbers for them. */
function batch(step: number): readonly UnitReading[] {
  return [2 * step, 2 * step + 1].flatMap((index) => {
    const seq = Math.floor(index / units.length) + 1;
    return readings(seq, seq, units[(index + 3 * Math.floor(index / segmentReadings)) % units.length]);
  });
}

/** A copy as a kill leaves it now. */
function killed(folder: string): string {
  const left = join(temporaryFolder(), 'left');
  mkdirSync(left);
  for (const file of ['telemetry.db', 'telemetry.db-wal']) cpSync(join(folder, file), join(left, file));
  return left;
}

function seals(folder: string): readonly number[] {
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT sealed FROM segments ORDER BY segment')
      .all()
      .map((row) => Number(row['sealed']));
  } finally {
    database.close();
  }
}

test('a server that dies at any commit of a seal has lost no number and no reading, and seals what is left', async () => {
  const folder = temporaryFolder();
  const store = sealing(folder);
  onTestFinished(() => store.close());
  const stored: UnitReading[] = [];
  const shapes = new Set<string>();
  for (let step = 0; step < 25; step += 1) {
    await store.append({ units: [], readings: batch(step) });
    stored.push(...batch(step));
    shapes.add(seals(folder).slice(-2).join());
    const left = killed(folder);
    const again = sealing(left);
    for (const unit of units) {
      const highest = stored.filter(({ clientId }) => clientId === unit).length;
      expect(await again.highestSeq(unit, 'e')).toBe(highest);
    }
    expect((await again.append({ units: [], readings: stored })).duplicates).toHaveLength(stored.length);
    expect(await again.append({ units: [], readings: batch(step + 1) })).toEqual({ duplicates: [] });
    const all = await Promise.all(units.map((clientId) => found(again, { clientId })));
    expect(all.flat()).toHaveLength(stored.length + 2);
    await again.close();
    expect((await checkStore(left)).problems).toEqual([]);
    expect(seals(left)).not.toContain(0);
  }
  // The one before was seen unsealed beside the last.
  expect([...shapes].toSorted()).toEqual(['0', '0,0', '1,0']);
});

test('a segment that is not sealed is told by the newest times of its units, and by nothing that was forgotten', async () => {
  const folder = temporaryFolder();
  const { store, writer } = writing(folder);
  onTestFinished(() => store.close());
  for (let step = 0; step < 8; step += 1) await store.append({ units: [], readings: batch(step) });
  expect(seals(folder)).toEqual([0, 0]);
  const { newestMs } = await store.lastKnown();
  expect(Object.fromEntries(newestMs)).toEqual({ a: 2, b: 2, c: 2, d: 3, e: 3, f: 2, g: 2 });
  // What is to be moved has to be sealed, where nothing is stored any more too.
  while (writer.tidy());
  expect(seals(folder)).toEqual([1, 0]);
});

test('numbers of readings that are too old stay while their segment is being sealed', async () => {
  const folder = temporaryFolder();
  const { store, writer, clock } = writing(folder);
  onTestFinished(() => store.close());
  for (let step = 0; step < 7; step += 1) {
    await store.append({
      units: [],
      readings: [...readings(1, 1, `u${2 * step}`), ...readings(1, 1, `u${2 * step + 1}`)],
    });
    clock.set(keptMs / 4);
  }
  await store.append({ units: [], readings: readings(1, 1, 'another') });
  expect(seals(folder)).toEqual([0, 0]);
  while (writer.retain(clock.wallMs()).more);
  expect(await found(store, { clientId: 'u4' })).toEqual([]);
  const again = sealing(killed(folder));
  onTestFinished(() => again.close());
  for (let unit = 0; unit < 14; unit += 1) expect(await again.highestSeq(`u${unit}`, 'e')).toBe(1);
});

test('a segment of which nothing was new leaves nothing when it goes in the midst of its seal', async () => {
  const folder = temporaryFolder();
  const { store, writer, clock } = writing(folder);
  onTestFinished(() => store.close());
  for (let step = 0; step < 14; step += 1) await store.append({ units: [], readings: batch(step % 7) });
  clock.set(2 * keptMs);
  await store.append({ units: [], readings: batch(14) });
  expect(seals(folder)).toEqual([1, 0, 0]);
  while (writer.retain(clock.wallMs()).more);
  await store.append({ units: [], readings: batch(15) });
  await store.append({ units: [], readings: batch(16) });
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { readOnly: true });
  onTestFinished(() => {
    database.close();
  });
  expect(database.prepare('SELECT segment FROM segments').all()).toEqual([{ segment: 3 }]);
  expect(database.prepare('SELECT count(*) AS stray FROM presence WHERE segment <> 3').all()).toEqual([{ stray: 0 }]);
});
