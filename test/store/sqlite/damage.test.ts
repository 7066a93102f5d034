import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { UnitReading } from '../../../src/core/reading.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { openForInspection } from '../../../src/store/sqlite/inspection.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import {
  found,
  foundSeqs,
  gapRecord,
  keeping,
  keepingMachines,
  keepingTokens,
  machineRecord,
  readings,
  tokenRecord,
  unitRecord,
} from '../samples.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { inProcessStore } from './in-process.ts';
import { bytesOf, change, damageAt, flip, overwrite } from './damage.ts';

const machines = Array.from({ length: 20 }, (_, index) => machineRecord(`m${index}`));
const tokens = Array.from({ length: 4 }, (_, index) => tokenRecord(`t${index}`));

/** A closed store with some machines and join tokens, and `blocks` blocks of 100 readings of unit `u`; the last readings of each are those of `v`. */
async function written(blocks: number): Promise<string> {
  const { store, folder } = await opened();
  await store.append({
    units: [unitRecord('u'), unitRecord('v')],
    readings: [],
    machines: keepingMachines(...machines),
    tokens: keepingTokens(...tokens),
  });
  for (let block = 0; block < blocks; block += 1) {
    const from = block * 100 + 1;
    await store.append({ units: [], readings: [...readings(from, from + 99), ...readings(from, from + 4, 'v')] });
  }
  await store.close();
  return folder;
}

test('a store that is whole is checked, also while a server writes to it', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [unitRecord('u')], readings: readings(1, 5_000) });
  const writing = Array.from({ length: 20 }, (_, index) =>
    store.append({ units: [], readings: readings(index * 10 + 5_001, index * 10 + 5_010) }),
  );
  const { units, readings: count, problems } = await checkStore(folder);
  expect({ units, problems }).toEqual({ units: 1, problems: [] });
  expect(count).toBeGreaterThanOrEqual(5_000);
  await Promise.all(writing);
  expect(await checkStore(folder)).toEqual({ units: 1, machines: 0, tokens: 0, readings: 5_200, problems: [] });
});

test('a check and a backup look at one moment, whatever is stored meanwhile', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [], readings: readings(1, 3) });
  const database = openForInspection(folder);
  onTestFinished(() => {
    database.close();
  });
  await store.append({ units: [], readings: readings(4, 6) });
  expect(database.prepare('SELECT sum(readings) AS readings FROM blocks').get()?.['readings']).toBe(3);
});

test('a database of which the head is damaged is not opened and not replaced', async () => {
  const folder = await written(1);
  overwrite(folder, 0, new TextEncoder().encode('no database at all'));
  const before = readFileSync(join(folder, 'telemetry.db'));
  const rejected = opened({ folder });
  expect(await codeOf(rejected)).toBe('store-corrupt');
  await expect(rejected).rejects.toThrow(
    /`telemetryctl store check --data-dir .*`.*`telemetryctl store salvage --data-dir .*`/,
  );
  expect(readFileSync(join(folder, 'telemetry.db'))).toEqual(before);
  expect((await checkStore(folder)).problems).toEqual([expect.stringContaining('the store is damaged')]);
  expect(await codeOf(salvageStore(folder, join(temporaryFolder(), 'new')))).toBe('store-corrupt');
});

test('a file of another program is not taken for a store', async () => {
  const folder = temporaryFolder();
  const other = new DatabaseSync(join(folder, 'telemetry.db'));
  other.exec('CREATE TABLE bookmarks (url TEXT)');
  other.close();
  expect(await codeOf(opened({ folder }))).toBe('store-corrupt');
  expect(await codeOf(salvageStore(folder, join(temporaryFolder(), 'new')))).toBe('store-corrupt');
});

test('blocks that were not sealed are needed to know the highest numbers: damaged, they keep the store closed', async () => {
  const { store, folder } = await opened();
  await store.append({ units: [], readings: readings(1, 100) });
  // As a kill leaves it, with the log.
  const copy = join(temporaryFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  await store.close();
  change(copy, 'UPDATE blocks SET checksum = checksum + 1');
  expect(await codeOf(opened({ folder: copy }))).toBe('store-corrupt');
});

test('a flipped bit costs its block, and the rest is served', async () => {
  const folder = await written(5);
  flip(folder, damageAt(folder, bytesOf(250.5), bytesOf(250.5)) + 3);
  const { store, logged } = await opened({ folder });
  const expected = [...readings(1, 200), ...readings(301, 500)];
  expect(await found(store)).toEqual(expected);
  expect(logged).toEqual(['error store-damaged {"blocks":1,"client_id":"u"}']);
  await store.close();
  expect(await checkStore(folder)).toMatchObject({
    units: 2,
    readings: 420,
    problems: ['block 3: the checksum is wrong'],
  });
});

test('what can be read is salvaged, and a server goes on with it', async () => {
  const folder = await written(5);
  flip(folder, damageAt(folder, bytesOf(250.5), bytesOf(250.5)) + 3);
  const before = readFileSync(join(folder, 'telemetry.db'));
  const into = join(temporaryFolder(), 'new');
  expect(await salvageStore(folder, into)).toMatchObject({
    units: 2,
    readings: 420,
    lostReadings: 105,
    problems: ['block 3: the checksum is wrong'],
  });
  expect(readFileSync(join(folder, 'telemetry.db'))).toEqual(before);
  expect((await checkStore(into)).problems).toEqual([]);
  const { store } = await opened({ folder: into });
  expect(await store.units()).toEqual([unitRecord('u'), unitRecord('v')]);
  expect(await found(store)).toEqual([...readings(1, 200), ...readings(301, 500)]);
  expect(await store.append({ units: [], readings: readings(499, 501) })).toEqual({ duplicates: [0, 1] });
});

test('the numbers of readings that are gone are salvaged too, and how long ago readings were stored', async () => {
  const first = await opened();
  await first.store.append({ units: [], readings: readings(1, 10) });
  first.clock.pass(5 * 86_400_000);
  await first.store.append({ units: [], readings: readings(1, 10, 'u', 'f') });
  await first.store.close();
  change(first.folder, 'DELETE FROM blocks WHERE block = 1');
  const into = join(temporaryFolder(), 'new');
  await salvageStore(first.folder, into);
  const { store, clock, drops, nextDrop } = await opened({ folder: into, retentionMs: 10 * 86_400_000 });
  expect(await Promise.all(['e', 'f'].map((epoch) => store.highestSeq('u', epoch)))).toEqual([10, 10]);
  const dropped = nextDrop();
  clock.pass(16 * 86_400_000);
  await dropped;
  expect(drops).toMatchObject([{ droppedReadings: 10, throughMs: first.clock.wallMs() }]);
});

test('gaps are salvaged, but for a damaged one, which a check finds and a query leaves out', async () => {
  const first = await opened();
  const changes = keeping(gapRecord(1), gapRecord(2), gapRecord(3, { toMs: undefined }));
  await first.store.append({ units: [unitRecord('u')], readings: readings(1, 10), gaps: changes });
  await first.store.close();
  change(first.folder, 'UPDATE gaps SET checksum = checksum + 1 WHERE number = 2');
  expect((await checkStore(first.folder)).problems).toEqual(['gap 2 of u is damaged']);
  const into = join(temporaryFolder(), 'new');
  expect((await salvageStore(first.folder, into)).problems).toEqual(['gap 2 of u is damaged']);
  const whole = [gapRecord(1), gapRecord(3, { toMs: undefined })];
  for (const folder of [first.folder, into]) {
    const { store } = await opened({ folder });
    expect(await store.gaps('u', 0, 1e9)).toEqual(whole);
    await store.close();
  }
});

test('without its words a reading cannot be read, and only that one is lost', async () => {
  const folder = await written(2);
  change(folder, `UPDATE words SET text = replace(text, '"u"', '"x"')`);
  expect((await checkStore(folder)).problems).toEqual([
    'words of segment 1: part 0 is damaged',
    'block 1: 105 readings without their words',
    'block 2: 105 readings without their words',
  ]);
  const { lostReadings } = await salvageStore(folder, join(temporaryFolder(), 'new'));
  expect(lostReadings).toBe(210);
});

test('what is written beside the readings is checked against them', async () => {
  const folder = await written(2);
  change(folder, `UPDATE presence SET to_ms = 150 WHERE client_id = 'u'; DELETE FROM marks WHERE client_id = 'v'`);
  expect((await checkStore(folder)).problems).toEqual([
    'segment 1: queries do not find all readings of u',
    'segment 1: the highest number of v in epoch e is below 105, which is stored',
  ]);
});

test('a damaged mark or unit is found, is not believed, and is left out by a salvage', async () => {
  const folder = await written(2);
  change(folder, `UPDATE marks SET seq = 350 WHERE client_id = 'u'`);
  change(folder, `UPDATE units SET record = replace(record, 'name of v', 'name of w') WHERE client_id = 'v'`);
  const problems = ['unit v: its record is damaged', 'the highest number of u in epoch e is damaged'];
  expect((await checkStore(folder)).problems).toEqual(problems);
  const { store } = await opened({ folder });
  expect(await codeOf(store.append({ units: [], readings: readings(301, 302) }))).toBe('store-corrupt');
  expect(await codeOf(store.highestSeq('u', 'e'))).toBe('store-corrupt');
  expect(await codeOf(store.units())).toBe('store-corrupt');

  const into = join(temporaryFolder(), 'new');
  expect((await salvageStore(folder, into)).problems).toEqual(problems);
  const salvaged = await opened({ folder: into });
  expect(await salvaged.store.units()).toEqual([unitRecord('u')]);
  expect(await salvaged.store.highestSeq('u', 'e')).toBe(200);
});

test('whatever bits are flipped, a check and a salvage end, and nothing is invented', { timeout: 60_000 }, async () => {
  const original = await written(20);
  const all = new Set([...readings(1, 2_000), ...readings(1, 2_000, 'v')].map(textOf));
  const size = readFileSync(join(original, 'telemetry.db')).length;
  const folders = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 40 }),
      async (places) => {
        run += 1;
        const folder = join(folders, `damaged-${run}`);
        const into = join(folders, `salvaged-${run}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'telemetry.db'), readFileSync(join(original, 'telemetry.db')));
        for (const place of places) flip(folder, place);
        const { problems } = await checkStore(folder).catch(tooNew);
        const salvaged = await salvageStore(folder, into).catch(unreadable);
        if (salvaged === undefined) {
          expect(problems.length).toBeGreaterThan(0);
          return;
        }
        const store = inProcessStore(new Writer({ folder: into, retentionMs: {}, budgetBytes: undefined }), into);
        const kept = [...(await found(store)), ...(await found(store, { clientId: 'v' }))];
        expect(kept.map(textOf).filter((text) => !all.has(text))).toEqual([]);
        expect(kept.length).toBe(salvaged.readings);
        expect(machines).toEqual(expect.arrayContaining([...(await store.machines())]));
        expect(tokens).toEqual(expect.arrayContaining([...(await store.tokens())]));
        if (salvaged.machines < machines.length) expect(salvaged.problems.length).toBeGreaterThan(0);
        expect(await foundSeqs(store)).toEqual((await foundSeqs(store)).toSorted((a, b) => Number(a) - Number(b)));
        await store.close();
      },
    ),
    { numRuns: 20 },
  );
});

function textOf({ clientId, unit, reading: { epoch, seq, time, sensor, values } }: UnitReading): string {
  return JSON.stringify([clientId, unit, epoch, seq, time, sensor, Object.entries(values)]);
}

/** The version in the head is one of the bytes that may be flipped. */
function tooNew(error: unknown): { problems: readonly unknown[] } {
  expect(error).toMatchObject({ code: 'store-too-new' });
  return { problems: [error] };
}

function unreadable(error: unknown): undefined {
  expect(['store-corrupt', 'store-too-new']).toContain((error as { code?: unknown }).code);
}
