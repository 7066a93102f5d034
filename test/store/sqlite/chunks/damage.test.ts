import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UnitReading } from '../../../../src/core/reading.ts';
import { checkStore } from '../../../../src/store/sqlite/check.ts';
import { salvageStore } from '../../../../src/store/sqlite/salvage.ts';
import { Writer } from '../../../../src/store/sqlite/writer.ts';
import { codeOf } from '../../code-of.ts';
import { temporaryFolder } from '../../opened.ts';
import { found, unitRecord } from '../../samples.ts';
import { change, flip } from '../damage.ts';
import { countsIn, moving, rowsIn, startMs, stepsOf, taken, takenFrom } from './moving.ts';

/** Forty readings of `u` and of `v` each, in chunks of ten; and ten more in a block. */
let original = '';
let originalBytes = Buffer.alloc(0);

beforeAll(async () => {
  const world = moving({ smallChunks: 100, folder: join(mkdtempSync(join(tmpdir(), 'telemetry-store-')), 'store') });
  original = world.folder;
  await world.store.append({ units: [unitRecord('u'), unitRecord('v')], readings: [] });
  for (let from = 1; from <= 41; from += 10) {
    await world.store.append({
      units: [],
      readings: [...takenFrom(from, from + 9), ...takenFrom(from, from + 9, 'v')],
    });
    await world.store.compact();
  }
  await world.store.close();
  originalBytes = readFileSync(join(original, 'telemetry.db'));
});

afterAll(() => {
  rmSync(join(original, '..'), { recursive: true });
});

/** A copy of the store, changed. */
function changed(sql: string): string {
  const folder = join(temporaryFolder(), 'store');
  cpSync(original, folder, { recursive: true });
  change(folder, sql);
  return folder;
}

test('the store that is to be damaged is whole, and has its readings in chunks but for the last', async () => {
  expect(await checkStore(original)).toMatchObject({ units: 2, readings: 100, problems: [] });
  expect(countsIn(original)).toEqual({ chunks: 32, rows: 80, blocks: 1 });
});

/** The second chunk of readings of `u`, and the one with their minutes. */
const second =
  "(SELECT chunk FROM chunks JOIN series USING (series) WHERE client_id = 'u' AND tier = 0 ORDER BY chunk LIMIT 1 OFFSET 1)";
const minutes =
  "(SELECT chunk FROM chunks JOIN series USING (series) WHERE client_id = 'u' AND tier = 1 ORDER BY chunk LIMIT 1 OFFSET 1)";

test.each([
  { what: 'data', sql: `data = CAST(substr(data, 1, 20) || x'07' || substr(data, 22) AS BLOB)` },
  { what: 'data, to nothing,', sql: `data = x''` },
  { what: 'summary', sql: `summary = CAST(x'07' || substr(summary, 2) AS BLOB)` },
  { what: 'first time', sql: 'from_ms = from_ms - 4096' },
  { what: 'last time', sql: 'to_ms = to_ms + 4096' },
  { what: 'count of rows', sql: 'rows = rows + 1' },
  { what: 'checksum', sql: 'checksum = checksum + 1' },
])(
  'a chunk whose $what is damaged is left out and said, found by a check, and costs a salvage nothing else',
  async ({ sql }) => {
    const folder = changed(`UPDATE chunks SET ${sql} WHERE chunk = ${second}`);
    const rest = [...takenFrom(1, 10), ...takenFrom(21, 50)];
    const chunk = Number(rowsIn(folder, `SELECT ${second} AS chunk`)[0]?.['chunk']);
    const { store, logged } = moving({ folder });
    expect(await found(store)).toEqual(rest);
    expect(logged).toEqual(['error store-damaged {"blocks":1,"client_id":"u"}']);
    expect(await found(store, { clientId: 'v' })).toEqual(takenFrom(1, 50, 'v'));
    expect(await found(store, { fromMs: startMs + 250_000 })).toEqual(takenFrom(25, 50));
    await stepsOf(store, { stepMs: 1_000 });
    expect(logged.length).toBe(2);
    // Its roll-ups are there.
    expect((await stepsOf(store)).reduce((sum, { values }) => sum + (values['celsius']?.count ?? 0), 0)).toBe(50);
    await store.close();
    const state = await checkStore(folder);
    expect([state.readings, state.problems]).toEqual([90, [`chunk ${chunk}: it is damaged`]]);
    const into = join(temporaryFolder(), 'new');
    expect(await salvageStore(folder, into)).toMatchObject({
      units: 2,
      readings: 90,
      problems: [`chunk ${chunk}: it is damaged`],
    });
    const salvaged = moving({ folder: into });
    expect(await found(salvaged.store)).toEqual(rest);
    expect(await found(salvaged.store, { clientId: 'v' })).toEqual(takenFrom(1, 50, 'v'));
    expect(salvaged.logged).toEqual([]);
  },
);

test('a roll-up that is damaged is left out of its steps and said', async () => {
  const folder = changed(`UPDATE chunks SET data = zeroblob(length(data)) WHERE chunk = ${minutes}`);
  const { store, logged } = moving({ folder });
  expect((await stepsOf(store)).reduce((sum, { values }) => sum + (values['celsius']?.count ?? 0), 0)).toBe(40);
  expect(logged).toEqual(['error store-damaged {"blocks":1,"client_id":"u"}']);
  expect(await found(store)).toEqual(takenFrom(1, 50));
  await store.close();
  expect((await checkStore(folder)).problems).toEqual([expect.stringMatching(/^chunk \d+: it is damaged$/)]);
});

test('a chunk that says to be of another tier or series is not believed', async () => {
  for (const sql of ['tier = 1', "series = (SELECT series FROM series WHERE client_id = 'v')"]) {
    const folder = changed(`UPDATE chunks SET ${sql} WHERE chunk = ${second}`);
    const { store, logged } = moving({ folder });
    const all = [...(await found(store)), ...(await found(store, { clientId: 'v' }))];
    expect(all).toEqual([...takenFrom(1, 10), ...takenFrom(21, 50), ...takenFrom(1, 50, 'v')]);
    await stepsOf(store);
    expect(logged).toEqual([expect.stringContaining('store-damaged')]);
    await store.close();
    expect((await checkStore(folder)).problems.length).toBe(1);
  }
});

test('a series of which nobody knows what it is costs its own readings, and is said', async () => {
  const folder = changed(`UPDATE series SET key = replace(key, 'cpu', 'gpu') WHERE client_id = 'u'`);
  const { store, logged } = moving({ folder });
  expect(await found(store)).toEqual(takenFrom(41, 50));
  expect(logged).toEqual(['error store-damaged {"blocks":1,"client_id":"u"}']);
  expect((await stepsOf(store)).reduce((sum, { values }) => sum + (values['celsius']?.count ?? 0), 0)).toBe(10);
  expect(await found(store, { clientId: 'v' })).toEqual(takenFrom(1, 50, 'v'));
  await store.close();
  expect((await checkStore(folder)).problems[0]).toBe('series 1 is damaged');
  const into = join(temporaryFolder(), 'new');
  // The forty are known to be lost.
  expect(await salvageStore(folder, into)).toMatchObject({ readings: 60, lostReadings: 40 });
  expect((await checkStore(into)).problems).toEqual([]);
});

test('where nobody knows how far readings were moved the store is not opened, a check says so, and a salvage copies all once', async () => {
  const folder = changed('UPDATE progress SET moved_block = moved_block - 1');
  const { store } = moving({ folder });
  expect(await codeOf(found(store))).toBe('store-corrupt');
  expect(await codeOf(store.append({ units: [], readings: [taken(51)] }))).toBe('store-corrupt');
  const said = [
    expect.stringMatching(/^progress: how far readings were moved into chunks; some readings may be there twice$/),
  ];
  expect((await checkStore(folder)).problems).toEqual(said);
  const into = join(temporaryFolder(), 'new');
  expect(await salvageStore(folder, into)).toMatchObject({ readings: 100, problems: said });
  const salvaged = moving({ folder: into });
  expect(await found(salvaged.store)).toEqual(takenFrom(1, 50));
  expect((await stepsOf(salvaged.store)).length).toBe(9);
});

test('a salvage keeps the highest numbers, the age, the newest times, and roll-ups whose readings are gone', async () => {
  const dayMs = 86_400_000;
  const folder = changed('SELECT 1');
  const old = new Writer({ folder, retentionMs: { 0: dayMs }, budgetBytes: undefined });
  const later = Date.UTC(2026, 10, 23);
  while (old.retain(later).more);
  old.close();
  expect(rowsIn(folder, 'SELECT DISTINCT tier FROM chunks ORDER BY tier')).toEqual([1, 2, 3].map((tier) => ({ tier })));
  const before = moving({ folder });
  await before.store.append({ units: [], readings: [taken(51)] });
  const steps = await stepsOf(before.store);
  expect(steps.reduce((sum, { values }) => sum + (values['celsius']?.count ?? 0), 0)).toBe(41);
  await before.store.close();
  const into = join(temporaryFolder(), 'new');
  expect(await salvageStore(folder, into)).toMatchObject({ readings: 1, problems: [] });
  const after = moving({ folder: into });
  expect(await stepsOf(after.store)).toEqual(steps);
  expect((await stepsOf(after.store, { stepMs: 7_200_000 })).map(({ values }) => values['celsius']?.count)).toEqual([
    41,
  ]);
  const ofOther = await stepsOf(after.store, { clientId: 'v', stepMs: 7_200_000 });
  expect(ofOther.map(({ values }) => values['celsius']?.count)).toEqual([40]);
  expect(await after.store.highestSeq('u', 'aaaaaaaa')).toBe(51);
  for (const sql of ['SELECT chunk, stored_ms FROM chunks ORDER BY chunk', 'SELECT * FROM newest ORDER BY client_id']) {
    expect(rowsIn(into, sql)).toEqual(rowsIn(folder, sql));
  }
});

test('a salvage leaves chunks of a move that did not end, and takes no reading that was moved from its block', async () => {
  const isKilled = new Error('killed');
  for (const at of ['end-move', 'tidy'] as const) {
    let seen = 0;
    const world = moving({
      beforeWrite: ({ type }) => {
        if (type === at) seen += 1;
        // The second tidying is the one behind the move.
        if (seen === (at === 'tidy' ? 2 : 1)) throw isKilled;
      },
    });
    await world.store.append({ units: [], readings: takenFrom(1, 30) });
    await world.store.append({ units: [], readings: takenFrom(31, 40) });
    await expect(world.store.compact()).rejects.toBe(isKilled);
    const into = join(temporaryFolder(), 'new');
    expect(await salvageStore(world.folder, into)).toMatchObject({ readings: 40, problems: [] });
    const { store } = moving({ folder: into });
    expect(await found(store)).toEqual(takenFrom(1, 40));
  }
});

test('whatever bits of a store with chunks are flipped, a check and a salvage end, and nothing is invented or there twice', async () => {
  const all = new Set([...takenFrom(1, 50), ...takenFrom(1, 50, 'v')].map(textOf));
  const folders = temporaryFolder();
  let run = 0;
  let salvages = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: originalBytes.length - 1 }), { minLength: 1, maxLength: 25 }),
      async (places) => {
        run += 1;
        const folder = join(folders, `damaged-${run}`);
        const into = join(folders, `salvaged-${run}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'telemetry.db'), originalBytes);
        for (const place of places) flip(folder, place);
        const { problems } = await checkStore(folder).catch(tooNew);
        const salvaged = await salvageStore(folder, into).catch(unreadable);
        if (salvaged === undefined) {
          expect(problems.length).toBeGreaterThan(0);
          return;
        }
        salvages += 1;
        const { store, logged } = moving({ folder: into });
        const kept = [...(await found(store)), ...(await found(store, { clientId: 'v' }))].map(textOf);
        expect(kept.filter((text) => !all.has(text))).toEqual([]);
        expect([new Set(kept).size, kept.length]).toEqual([kept.length, salvaged.readings]);
        for (const clientId of ['u', 'v']) {
          const counts = (await stepsOf(store, { clientId })).map(({ values }) => values['celsius']?.count ?? 0);
          expect(Math.max(0, ...counts)).toBeLessThanOrEqual(6);
        }
        expect(logged).toEqual([]);
        await store.close();
        expect((await checkStore(into)).problems).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
  expect(salvages).toBeGreaterThan(10);
}, 600_000);

function textOf({ clientId, unit, reading: { epoch, seq, time, sensor, values } }: UnitReading): string {
  return JSON.stringify([clientId, unit, epoch, seq, time, sensor, Object.entries(values)]);
}

/** The version in the head is one of the bytes that may be flipped. */
function tooNew(error: unknown): { problems: readonly unknown[] } {
  expect(error).toMatchObject({ code: 'store-too-new' });
  return { problems: [error] };
}

function unreadable(error: unknown): undefined {
  expect(error).toMatchObject({ code: expect.stringMatching(/^store-(corrupt|too-new)$/) });
}
