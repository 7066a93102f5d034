import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import type { UnitEventRecord } from '../../../src/core/unit-event.ts';
import { backupStore } from '../../../src/store/sqlite/backup.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { compactStore } from '../../../src/store/sqlite/compact.ts';
import { pageBytes } from '../../../src/store/sqlite/database.ts';
import { eventsTrimmedAt, unitsTrimmedMax } from '../../../src/store/sqlite/event-record.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import { parseUnit } from '../../../src/store/sqlite/unit-record.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { eventRecord, readings, unitRecord } from '../samples.ts';
import { StillClock } from '../still-clock.ts';
import { moving, rowsIn, taken } from './chunks/moving.ts';
import { change, overwrite } from './damage.ts';
import { faulty, inProcessStore, SqliteError } from './in-process.ts';

const hourMs = 3_600_000;
const nothing = { units: [], readings: [] };

function all(store: { events: (id: string, fromMs: number, toMs: number) => Promise<readonly UnitEventRecord[]> }) {
  return store.events('u', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}

function eventsAt(...times: readonly number[]): UnitEventRecord[] {
  return times.map((timeMs) => eventRecord(timeMs));
}

/** A closed store in which this has happened to a unit. */
async function written(events: readonly UnitEventRecord[]): Promise<string> {
  const { store, folder } = await opened();
  await store.append({ units: [unitRecord('u')], readings: [], events });
  await store.close();
  return folder;
}

test('a damaged row is left out, counted, and said: by the store, by a check, and by a salvage', async () => {
  const folder = await written(eventsAt(1, 2, 3));
  change(folder, `UPDATE events SET record = replace(record, '192.0.2.7', '192.0.2.9') WHERE time_ms = 2`);
  const problems = ['what happened to u at 2 is damaged'];
  expect(await checkStore(folder)).toMatchObject({ units: 1, problems });
  let leftOut = 0;
  const { store, logged } = await opened({ folder, leftOut: (count) => (leftOut += count) });
  expect(await all(store)).toEqual(eventsAt(1, 3));
  expect([leftOut, logged]).toEqual([1, ['error store-damaged {"events":1,"client_id":"u"}']]);
  expect(await store.events('u', 3, 9)).toEqual(eventsAt(3));
  expect(leftOut).toBe(1);
  await store.close();
  const into = join(temporaryFolder(), 'new');
  expect(await salvageStore(folder, into)).toMatchObject({ problems });
  const { store: salvaged } = await opened({ folder: into });
  expect(await all(salvaged)).toEqual(eventsAt(1, 3));
});

test.each([
  ['of another unit', `client_id = 'x'`],
  ['of another time', 'time_ms = 3'],
])('a row that is %s than it was written for is not believed', async (_, moved) => {
  const folder = await written(eventsAt(1));
  change(folder, `UPDATE events SET ${moved}`);
  expect((await checkStore(folder)).problems).toHaveLength(1);
});

test.each([
  '{',
  'null',
  '[]',
  '{"details":{}}',
  '{"event":1,"details":{}}',
  '{"event":"lost"}',
  '{"event":"lost","details":null}',
  '{"event":"lost","details":{"a":[]}}',
  '{"event":"lost","details":{"a":{}}}',
])('a row with %s is nothing that happened', async (record) => {
  const folder = join(temporaryFolder(), 'store');
  const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
  const batch = { storedMs: 0, blocks: [], units: [], gaps: [], machines: [], tokens: [] };
  writer.append({ ...batch, events: [['u', 1, record]] });
  writer.close();
  const { store } = await opened({ folder });
  expect(await all(store)).toEqual([]);
  expect((await checkStore(folder)).problems).toEqual(['what happened to u at 1 is damaged']);
});

test('a damaged page costs the events on it, and none before or behind it', async () => {
  const times = Array.from({ length: 400 }, (_, index) => 10_000 + index);
  const folder = await written(times.map((timeMs) => eventRecord(timeMs, { details: { text: `no ${timeMs}.` } })));
  const bytes = readFileSync(join(folder, 'telemetry.db'));
  const place = Math.floor(bytes.indexOf('no 10200.') / pageBytes) * pageBytes;
  const page = bytes.toString('latin1', place, place + pageBytes);
  const onPage = new Set([...page.matchAll(/no (\d+)\./g)].map(([, time]) => Number(time)));
  // No kind of page of a B-tree.
  overwrite(folder, place, Uint8Array.of(0xff));
  const into = join(temporaryFolder(), 'new');
  const { problems } = await salvageStore(folder, into);
  expect(problems).toEqual(['events: database disk image is malformed']);
  const { store } = await opened({ folder: into });
  const found = (await all(store)).map(({ timeMs }) => timeMs);
  const lost = times.filter((time) => !found.includes(time));
  expect(lost.length).toBeGreaterThan(2);
  // A page also has what is left of rows that have moved on.
  expect(lost.filter((time) => !onPage.has(time))).toEqual([]);
  expect(found).toEqual(times.filter((time) => !lost.includes(time)));
});

test('a salvage carries more of them over than one commit has', async () => {
  const { store, folder } = await opened();
  for (let unit = 0; unit < 9; unit += 1) {
    const events = Array.from({ length: 1_000 }, (_, timeMs) => eventRecord(timeMs, { clientId: `u${unit}` }));
    await store.append({ ...nothing, events });
  }
  await store.close();
  const into = join(temporaryFolder(), 'new');
  expect((await salvageStore(folder, into)).problems).toEqual([]);
  expect(rowsIn(into, 'SELECT count(*) AS count FROM events')).toEqual([{ count: 9_000 }]);
});

test('a backup and a compacted store have them', async () => {
  const folder = await written(eventsAt(1, 2));
  const copy = temporaryFolder();
  await backupStore(folder, join(copy, 'telemetry.db'));
  await compactStore(folder, new StillClock());
  for (const kept of [folder, copy]) {
    const { store } = await opened({ folder: kept });
    expect(await all(store)).toEqual(eventsAt(1, 2));
  }
});

test('of a unit the store has no more on its disk than are kept and those that come before it looks again', async () => {
  const { store, folder } = await opened();
  const kept = limits.eventsAUnitMax;
  const count = (): unknown => rowsIn(folder, 'SELECT count(*) AS count FROM events')[0]?.['count'];
  const most: unknown[] = [];
  for (let time = 0; time < kept + 3 * eventsTrimmedAt; time += 8) {
    await store.append({ ...nothing, events: eventsAt(...Array.from({ length: 8 }, (_, index) => time + index)) });
    if (time >= kept) most.push(count());
  }
  expect(Math.max(...most.map(Number))).toBeLessThan(kept + eventsTrimmedAt);
  expect(Math.max(...most.map(Number))).toBeGreaterThan(kept + eventsTrimmedAt / 2);
  await store.close();
  // One that flaps seldom, with a server that is restarted often.
  for (let start = 0; start < 3; start += 1) {
    const { store: again } = await opened({ folder });
    await again.append({ ...nothing, events: eventsAt(10_000 + start) });
    await again.close();
    expect(count()).toBe(kept);
  }
});

test('one batch takes away what is too much of a few units, and the next ones of the others', async () => {
  const { store, folder } = await opened();
  const kept = limits.eventsAUnitMax;
  const units = Array.from({ length: unitsTrimmedMax + 3 }, (_, index) => `unit-${index}`);
  const ofAll = (timeMs: number): UnitEventRecord[] => units.map((clientId) => eventRecord(timeMs, { clientId }));
  const crowded = (): unknown =>
    rowsIn(folder, 'SELECT count(*) AS count FROM events GROUP BY client_id').filter(
      ({ count }) => Number(count) > kept,
    ).length;
  for (let time = 0; time < kept; time += 1) await store.append({ ...nothing, events: ofAll(time) });
  await store.close();
  const { store: again } = await opened({ folder });
  await again.append({ ...nothing, events: ofAll(kept) });
  expect(crowded()).toBe(3);
  await again.append({ ...nothing, events: ofAll(kept + 1).slice(-3) });
  expect(crowded()).toBe(0);
});

test('what cannot be committed is not there, and is taken when it comes again', async () => {
  const folder = join(temporaryFolder(), 'store');
  let fails = true;
  const writer = new Writer({
    folder,
    retentionMs: {},
    budgetBytes: undefined,
    open: faulty((sql) => (fails && sql === 'COMMIT' ? new SqliteError(13) : undefined)),
  });
  const store = inProcessStore(writer, folder);
  const batch = { ...nothing, events: eventsAt(1, 2) };
  expect(await codeOf(store.append(batch))).toBe('store-full');
  fails = false;
  expect(await all(store)).toEqual([]);
  await store.append(batch);
  expect(await all(store)).toEqual(eventsAt(1, 2));
});

test('what was committed though the store failed is there once when it comes again', async () => {
  const folder = join(temporaryFolder(), 'store');
  let fails = true;
  const writer = new Writer({
    folder,
    retentionMs: {},
    budgetBytes: undefined,
    open: faulty(
      () => undefined,
      (sql) => (fails && sql === 'COMMIT' ? new SqliteError(10) : undefined),
    ),
  });
  const store = inProcessStore(writer, folder);
  const events = eventsAt(5, 6, 3);
  expect(await codeOf(store.append({ ...nothing, events }))).toBe('store-io-failed');
  fails = false;
  await store.append({ ...nothing, events: [...events, ...eventsAt(7)] });
  expect(await all(store)).toEqual(eventsAt(3, 5, 6, 7));
});

test('they go when the last of their time has gone from the coarsest roll-up, and those before the first reading stay', async () => {
  const ages = { 0: 2 * hourMs, 1: 2 * hourMs, 2: 2 * hourMs, 3: 4 * hourMs };
  const { store, writer, clock } = moving({ retentionMs: ages });
  const startMs = clock.wallMs();
  // More than one step takes.
  await store.append({
    ...nothing,
    events: eventsAt(...Array.from({ length: 600 }, (_, index) => startMs - 600 + index)),
  });
  let seq = 0;
  const kept = async (): Promise<number[]> => (await all(store)).map(({ timeMs }) => (timeMs - startMs) / hourMs);
  const hour = async (): Promise<void> => {
    seq += 2;
    await store.append({
      units: [],
      readings: [taken(seq, { time: clock.wallMs() }), taken(seq + 1, { time: clock.wallMs() + 1 })],
      events: eventsAt(clock.wallMs()),
    });
    clock.set(hourMs);
    await store.compact();
    while (writer.retain(clock.wallMs()).more);
  };
  await hour();
  await hour();
  expect((await kept()).slice(600)).toEqual([0, 1]);
  for (let count = 2; count < 10; count += 1) await hour();
  const left = await kept();
  expect(left.length).toBeLessThan(8);
  expect(left).toEqual(Array.from({ length: left.length }, (_, index) => 10 - left.length + index));
  const before = eventsAt(...Array.from({ length: 700 }, (_, index) => startMs - 700 + index));
  await store.append({ ...nothing, events: before });
  while (writer.retain(clock.wallMs()).more);
  expect(await kept()).toEqual(left);
});

test('they stay as long as the readings do, where those are kept longest', async () => {
  const { store, writer, clock } = moving({ retentionMs: { 3: hourMs } });
  for (let hour = 0; hour < 4; hour += 1) {
    const at = clock.wallMs();
    await store.append({ units: [], readings: [taken(hour + 1, { time: at })], events: eventsAt(at) });
    clock.set(hourMs);
    await store.compact();
    while (writer.retain(clock.wallMs()).more);
  }
  expect(await all(store)).toHaveLength(4);
});

test.each(['roof', ['roof'], { place: 7 }, null])('a unit with the tags %j is none', (tags) => {
  const record = unitRecord('u', { tags: { place: 'roof' } });
  expect(parseUnit(JSON.stringify(record))).toEqual(record);
  expect(parseUnit(JSON.stringify({ ...record, tags }))).toBeUndefined();
});

test('the store says what its files take', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [], readings: readings(1, 5_000) });
  const onDisk = readdirSync(folder)
    .filter((name) => name.startsWith('telemetry.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(onDisk).toBeGreaterThan(200_000);
  expect(await store.bytes()).toBe(onDisk);
});
