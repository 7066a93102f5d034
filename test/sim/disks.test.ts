import { expect, test } from 'vitest';
import { Database, SqliteError } from './database.ts';
import { Host } from './host.ts';
import { Process } from './process.ts';
import { SpoolDisk } from './spool-disk.ts';
import { Stage } from './stage.ts';

/** A folder of a client's disk in a world of its own, and the program that uses it. */
function spoolOf(seed: number): { readonly stage: Stage; readonly disk: SpoolDisk; readonly process: Process } {
  const stage = new Stage(seed);
  const host = new Host(stage, { name: 'host', address: '192.0.2.1' });
  return { stage, disk: new SpoolDisk(stage, 'host'), process: new Process(stage, host) };
}

/** What is left of a file of which `synced` was synced and `more` was not, by seed. */
async function left(seeds: number, way: 'exit' | 'power'): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { stage, disk, process } = spoolOf(seed);
    const folder = disk.folder(process);
    void (async () => {
      const file = await folder.create('1.spool');
      await file.append('synced');
      await file.sync();
      await folder.sync();
      await file.append('more');
    })();
    await stage.timeline.run(1_000, () => false);
    process.kill(way);
    disk.end(way);
    const next = disk.folder(new Process(stage, process.host));
    void next.read('1.spool', 100).then((bytes) => found.add(bytes.toString('latin1')));
    await stage.timeline.run(2_000, () => false);
  }
  return found;
}

test('a program that dies takes nothing from its disk', async () => {
  expect([...(await left(50, 'exit'))]).toEqual(['syncedmore']);
});

test('the power takes what was not synced, all of it or some of it, or leaves something else there, and nothing that was', async () => {
  const found = [...(await left(200, 'power'))];
  expect(found).toEqual(expect.arrayContaining(['synced', 'syncedmore', 'syncedm', 'synced\0\0\0\0']));
  expect(found.filter((bytes) => !bytes.startsWith('synced'))).toEqual([]);
});

test('a name that was not synced may go with the power', async () => {
  const found = new Set<number>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const { stage, disk, process } = spoolOf(seed);
    // Past the first time that the system writes by itself, which makes names of its own accord.
    void disk.folder(process).list();
    await stage.timeline.run(10, () => false);
    void disk.folder(process).create('1.spool');
    await stage.timeline.run(20, () => false);
    process.kill('power');
    disk.end('power');
    void disk
      .folder(new Process(stage, process.host))
      .list()
      .then(({ length }) => found.add(length));
    await stage.timeline.run(100, () => false);
  }
  expect(found).toEqual(new Set([0, 1]));
});

/** Rows of a database that lost its power, where commits were synced as `synchronous` says. */
function rowsLeft(synchronous: 'FULL' | 'NORMAL' | 'OFF', act = ''): number {
  const database = new Database();
  const connection = database.open('here');
  connection.exec(`PRAGMA synchronous = ${synchronous}`);
  for (let row = 1; row <= 3; row += 1) {
    connection.exec('BEGIN IMMEDIATE');
    connection.exec(`INSERT INTO blocks (block, stored_ms, readings, checksum, data) VALUES (${row}, 0, 0, 0, x'')`);
    connection.exec('COMMIT');
    if (row === 2) connection.exec(act);
  }
  connection.exec('BEGIN IMMEDIATE');
  connection.exec("INSERT INTO blocks (block, stored_ms, readings, checksum, data) VALUES (9, 0, 0, 0, x'')");
  database.losePower();
  const reader = database.openForReading();
  const rows = Number(reader.prepare('SELECT count(*) AS rows FROM blocks').get()?.['rows']);
  reader.close();
  database.close();
  return rows;
}

test('the power takes commits that were not synced, and none that was', () => {
  expect(rowsLeft('FULL')).toBe(3);
  expect(rowsLeft('NORMAL')).toBe(0);
  expect(rowsLeft('NORMAL', 'PRAGMA wal_checkpoint(PASSIVE)')).toBe(2);
  expect(rowsLeft('OFF', 'PRAGMA wal_checkpoint(PASSIVE)')).toBe(0);
});

test('a statement fails where it is told to, and a commit may be done all the same', () => {
  const database = new Database();
  const connection = database.open('here');
  const insert = 'INSERT INTO segments (segment, first_block, sealed) VALUES (1, 1, 0)';
  const fail = (): never => {
    throw new SqliteError(10, 'planted');
  };
  database.count();
  database.mishap = { at: 1, strike: fail };
  connection.exec('BEGIN IMMEDIATE');
  expect(() => connection.exec(insert)).toThrow('planted');
  connection.exec('ROLLBACK');
  database.mishap = { at: 'committed', strike: fail };
  connection.exec('BEGIN IMMEDIATE');
  connection.exec(insert);
  expect(() => connection.exec('COMMIT')).toThrow('planted');
  database.crash();
  const reader = database.openForReading();
  expect(reader.prepare('SELECT count(*) AS rows FROM segments').get()?.['rows']).toBe(1);
  reader.close();
  database.close();
});
