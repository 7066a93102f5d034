import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { JoinTokenRecord, MachineRecord } from '../../../src/core/machine.ts';
import type { UnitEventRecord } from '../../../src/core/unit-event.ts';
import type { UnitRecord } from '../../../src/core/unit.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import { schemaVersion } from '../../../src/store/sqlite/schema.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import {
  eventRecord,
  found,
  gapRecord,
  keeping,
  keepingMachines,
  keepingTokens,
  machineRecord,
  readings,
  tokenRecord,
  unitRecord,
  unlabelled,
} from '../samples.ts';
import { change } from './damage.ts';

const versions = Array.from({ length: schemaVersion }, (_, index) => index + 1);

/** A store as a release of that version left it. Each version has a file here, which is never changed. */
function storeOf(version: number): string {
  const folder = join(temporaryFolder(), 'store');
  mkdirSync(folder);
  const database = new DatabaseSync(join(folder, 'telemetry.db'));
  database.exec(readFileSync(fileURLToPath(new URL(`version-${version}.sql`, import.meta.url)), 'utf8'));
  database.close();
  return folder;
}

/** The machines and join tokens in the file of that version. */
function keptIn(version: number): {
  readonly machines: readonly MachineRecord[];
  readonly tokens: readonly JoinTokenRecord[];
} {
  if (version < 4) return { machines: [], tokens: [] };
  return {
    machines: [
      machineRecord('a', { clientId: 'u', name: 'name of u', tokenId: 'AAAAAAAA' }),
      machineRecord('b', { state: 'revoked' }),
      machineRecord('c', { state: 'pending' }),
    ],
    tokens: [tokenRecord('AAAAAAAA'), tokenRecord('BBBBBBBB', { uses: 0, revoked: true })],
  };
}

/** The units, the second with the tags that it has since version 5. */
function unitsIn(version: number): readonly UnitRecord[] {
  const tags = version < 5 ? {} : { tags: { place: 'on the roof', rack: '7' } };
  return [unitRecord('u', { left: true }), unitRecord('v', { v: 1, ...tags })];
}

/** What happened to unit `u`. */
function eventsIn(version: number): readonly UnitEventRecord[] {
  if (version < 5) return [];
  const timeMs = 1_795_255_200_000;
  return [
    { clientId: 'u', timeMs, event: 'registered', details: { peer: '192.0.2.7', v: 2 } },
    { clientId: 'u', timeMs, event: 'interval-wanted', details: { interval: 5, rev: 2 } },
    { clientId: 'u', timeMs: timeMs + 1_000, event: 'lost', details: { reason: 'silent' } },
  ];
}

function schemaOf(folder: string): unknown {
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { readOnly: true });
  const tables = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all();
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  database.close();
  return { version, tables: tables.map(({ name, sql }) => [name, String(sql).replaceAll(/\s+/g, ' ')]) };
}

test.each(versions)('a store of version %i has all that it had, and goes on', async (version) => {
  const folder = storeOf(version);
  const { store } = await opened({ folder });
  expect(await store.units()).toEqual(unitsIn(version));
  const [e, f] = [readings(1, 5), readings(1, 2, 'u', 'f')];
  expect(await found(store)).toEqual([e[0], f[0], e[1], f[1], ...e.slice(2)]);
  const ofV1 = { sensor: 'cpu_temp', id: 'coretemp/Package id 0', source: 'hwmon', values: { celsius: 54.5 }, time: 7 };
  expect(await found(store, { clientId: 'v' })).toEqual([{ ...unlabelled(ofV1), clientId: 'v', unit: 'v' }]);
  expect(await store.append({ units: [], readings: readings(4, 6) })).toEqual({ duplicates: [0, 1] });
  const gaps = [
    gapRecord(1, { filledMs: 120 }),
    gapRecord(2, { reason: 'sensor-gone', sensor: 'disk', id: '/mnt', toMs: undefined }),
  ];
  expect(await store.gaps('u', 0, 1e9)).toEqual(version < 2 ? [] : gaps);
  await store.append({ units: [], readings: [], gaps: keeping(gapRecord(3)) });
  expect((await store.lastKnown()).gapNumber).toBe(3);
  const { machines, tokens } = keptIn(version);
  expect([await store.machines(), await store.tokens()]).toEqual([machines, tokens]);
  const [machine, token] = [machineRecord('new'), tokenRecord('new')];
  await store.append({ units: [], readings: [], machines: keepingMachines(machine), tokens: keepingTokens(token) });
  expect([await store.machines(), await store.tokens()]).toEqual([
    [...machines, machine],
    [...tokens, token],
  ]);
  expect(await store.events('u', 0, Infinity)).toEqual(eventsIn(version));
  const happened = eventRecord(2_000_000_000_000);
  await store.append({ units: [], readings: [], events: [happened] });
  expect(await store.events('u', 0, Infinity)).toEqual([...eventsIn(version), happened]);
  await store.close();
  expect((await checkStore(folder)).problems).toEqual([]);
});

test.each(versions)(
  'a store of version %i is checked and salvaged as it is, with its machines, join tokens, tags and events',
  async (version) => {
    const folder = storeOf(version);
    const { machines, tokens } = keptIn(version);
    const counts = { units: 2, readings: 8, machines: machines.length, tokens: tokens.length, problems: [] };
    expect(await checkStore(folder)).toEqual(counts);
    const into = join(temporaryFolder(), 'new');
    const lost = { lostReadings: 0, lostMachines: 0, lostTokens: 0 };
    expect(await salvageStore(folder, into)).toEqual({ ...counts, ...lost });
    expect(schemaOf(folder)).toMatchObject({ version });
    expect(await checkStore(into)).toEqual(counts);
    const { store } = await opened({ folder: into });
    expect([await store.machines(), await store.tokens()]).toEqual([machines, tokens]);
    expect([await store.units(), await store.events('u', 0, Infinity)]).toEqual([unitsIn(version), eventsIn(version)]);
  },
);

test.each(versions)('a store of version %i gets the tables of a new one', async (version) => {
  const [former, made] = [await opened({ folder: storeOf(version) }), await opened()];
  expect(schemaOf(former.folder)).toEqual(schemaOf(made.folder));
});

test('a store of a later version is not opened and not changed', async () => {
  const folder = storeOf(1);
  change(folder, `PRAGMA user_version = ${schemaVersion + 1}`);
  const before = readFileSync(join(folder, 'telemetry.db'));
  const rejected = opened({ folder });
  expect(await codeOf(rejected)).toBe('store-too-new');
  await expect(rejected).rejects.toThrow(
    `the store is of version ${schemaVersion + 1}, and this program knows versions up to`,
  );
  expect(await codeOf(checkStore(folder))).toBe('store-too-new');
  expect(readFileSync(join(folder, 'telemetry.db'))).toEqual(before);
});
