import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stateFolder } from '../../src/config/state-folder.ts';
import { until } from '../http/fake-hub.ts';
import { startDaemon } from '../program.ts';
import { bytesOf, change, damageAt, overwrite } from '../store/sqlite/damage.ts';
import { opened, temporaryFolder, type Opened } from '../store/opened.ts';
import { found, readings, unitRecord } from '../store/samples.ts';
import { run, start, type Run } from './run.ts';

/** A data folder with a store of these many readings, closed. */
async function dataWith(count: number): Promise<string> {
  const { data, store } = await openedIn(temporaryFolder());
  await store.append({ units: [unitRecord('u')], readings: readings(1, count) });
  await store.close();
  return data;
}

async function openedIn(data: string): Promise<Opened & { readonly data: string }> {
  return { data, ...(await opened({ folder: join(data, 'store') })) };
}

/** Overwrites a reading of the second block, which costs all of the block. */
function damage(data: string): void {
  damageAt(join(data, 'store'), bytesOf(2500), new Uint8Array(8).fill(0xff));
}

async function countIn(data: string): Promise<number> {
  const { store } = await openedIn(data);
  const all = await found(store);
  await store.close();
  return all.length;
}

describe('store check', () => {
  test('of a whole store says so, with what it holds, and leaves with 0', async () => {
    const data = await dataWith(3000);
    expect(await run(['store', 'check', '--data-dir', data])).toEqual({
      exitCode: 0,
      stdout: `${data}/store: whole, 3,000 readings of 1 unit.\n`,
      stderr: '',
    });
    const { stdout } = await run(['store', 'check', '--data-dir', data, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      folder: `${data}/store`,
      units: 1,
      machines: 0,
      tokens: 0,
      readings: 3000,
      problems: [],
    });
  });

  test('of a damaged one names the damage and what to do, and leaves with 1', async () => {
    const data = await dataWith(3000);
    damage(data);
    const { exitCode, stdout } = await run(['store', 'check', '--data-dir', data]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /\/store: damaged; 2,048 readings of 1 unit can be read\.\n {2}block 2: the checksum is wrong\n/,
    );
    expect(stdout).toContain(`telemetryctl store salvage --data-dir ${data}\n`);
  });

  test('works while a server runs', async () => {
    const { data, store } = await openedIn(temporaryFolder());
    await store.append({ units: [], readings: readings(1, 5) });
    const { exitCode, stdout } = await run(['store', 'check', '--data-dir', data]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('whole, 5 readings')]);
  });

  test("looks where the server's own default is, and where its environment says", async () => {
    const homedir = temporaryFolder();
    const machine = { platform: process.platform, env: {}, euid: 1000, homedir };
    const data = stateFolder('server', { ...machine, argv: [], cwd: '/', hostname: '', version: '', unitName: '' });
    const inHome = await run('store check', { homedir });
    expect([inHome.exitCode, inHome.stderr]).toEqual([1, expect.stringContaining(`${data}/store: there is no store`)]);
    const env = { TELEMETRY_DATA_DIR: await dataWith(1) };
    expect((await run('store check', { homedir, env })).stdout).toContain('whole, 1 reading of 1 unit');
  });

  test('where there is no store fails, makes none, and says what to give', async () => {
    const data = temporaryFolder();
    for (const line of ['check', 'salvage', 'backup f']) {
      const { exitCode, stderr } = await run(['store', ...line.split(' '), '--data-dir', data]);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("give the folder of the server's --data-dir")]);
      expect(stderr).toContain('[store-missing]');
    }
    expect(readdirSync(data)).toEqual([]);
  });
});

describe('store salvage', () => {
  test('puts what can be read in the place of the damaged store, which it keeps as it was', async () => {
    const data = await dataWith(3000);
    damage(data);
    const before = readFileSync(join(data, 'store', 'telemetry.db'));
    const { exitCode, stdout, stderr } = await run(['store', 'salvage', '--data-dir', data]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `${data}/store: the new store, 2,048 readings of 1 unit.\n` +
        `${data}/store-damaged: the damaged one, as it was; delete it when you miss nothing.\n` +
        '952 readings are known to be lost.\n  block 2: the checksum is wrong\n',
    );
    expect(readdirSync(data).toSorted()).toEqual(['store', 'store-damaged']);
    expect(readFileSync(join(data, 'store-damaged', 'telemetry.db'))).toEqual(before);
    expect(statSync(join(data, 'store')).mode % 0o1000).toBe(0o700);
    expect((await run(['store', 'check', '--data-dir', data])).exitCode).toBe(0);
    expect(await countIn(data)).toBe(2048);
  });

  test('by root gives the new store to the user of the old one', async () => {
    const data = await dataWith(10);
    // Only root can give it away; for others it is their own before and after.
    const uid = process.geteuid?.() === 0 ? 12_345 : statSync(data).uid;
    const { gid } = statSync(data);
    chownSync(join(data, 'store'), uid, gid);
    expect((await run(['store', 'salvage', '--data-dir', data], { euid: 0 })).exitCode).toBe(0);
    for (const file of ['store', 'store/telemetry.db']) expect(statSync(join(data, file)).uid).toBe(uid);
  });

  test('a second time keeps both damaged stores', async () => {
    const data = await dataWith(10);
    for (let time = 1; time <= 2; time += 1) await run(['store', 'salvage', '--data-dir', data]);
    expect(readdirSync(data).toSorted()).toEqual(['store', 'store-damaged', 'store-damaged-2']);
    expect(await countIn(data)).toBe(10);
  });

  test('is refused while a server runs, and changes nothing', async () => {
    const { data, store } = await openedIn(temporaryFolder());
    await store.append({ units: [], readings: readings(1, 5) });
    const { exitCode, stdout, stderr } = await run(['store', 'salvage', '--data-dir', data]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `telemetryctl: ${data}/store: a telemetry-server runs on this store; stop it, then salvage [store-in-use]\n`,
    );
    expect(readdirSync(data)).toEqual(['store']);
    await store.append({ units: [], readings: readings(6, 7) });
  });

  test('goes over what is left of one that was killed', async () => {
    const data = await dataWith(10);
    mkdirSync(join(data, 'store-salvaged'));
    copyFileSync(join(data, 'store', 'telemetry.db'), join(data, 'store-salvaged', 'telemetry.db'));
    expect((await run(['store', 'salvage', '--data-dir', data])).exitCode).toBe(0);
    expect(readdirSync(data).toSorted()).toEqual(['store', 'store-damaged']);
    expect(await countIn(data)).toBe(10);
  });

  test('--into makes the new store in a folder of its own, and replaces nothing', async () => {
    const data = await dataWith(10);
    const into = join(temporaryFolder(), 'new', 'store');
    const { exitCode, stdout } = await run(['store', 'salvage', '--data-dir', data, '--into', into, '--json']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      { store: into, damaged: `${data}/store`, units: 1, readings: 10, lost_readings: 0, problems: [] },
    ]);
    expect(readdirSync(data)).toEqual(['store']);
    const { exitCode: again, stderr } = await run(['store', 'salvage', '--data-dir', data, '--into', into]);
    expect([again, stderr]).toEqual([1, expect.stringContaining('is there already; choose a new folder')]);
    expect(await countIn(join(into, '..'))).toBe(10);
  });

  test('of what is no database at all says that nothing can be read, and changes nothing', async () => {
    const data = await dataWith(10);
    overwrite(join(data, 'store'), 0, new TextEncoder().encode('no database at all'));
    const { exitCode, stderr } = await run(['store', 'salvage', '--data-dir', data]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/nothing of it can be read.*put a backup in its place/),
    ]);
    expect(readdirSync(data)).toEqual(['store']);
  });

  test('that is ended in its midst changes nothing', async () => {
    const data = await dataWith(300_000);
    const salvage = start(['store', 'salvage', '--data-dir', data]);
    const done = settled(salvage);
    await until(() => done.is || existsSync(join(data, 'store-salvaged')), 'the new store');
    salvage.end();
    // It may have been done by then.
    const isDone = (await salvage.exitCode) === 0;
    expect(readdirSync(data).toSorted()).toEqual(isDone ? ['store', 'store-damaged'] : ['store']);
    expect(salvage.stderr()).toBe(isDone ? '' : 'telemetryctl: ended before it was done; nothing was changed.\n');
    expect((await run(['store', 'check', '--data-dir', data])).stdout).toContain('whole, 300,000 readings');
  });
});

describe('store backup', () => {
  test('copies the store of a running server into a file that is a whole store', async () => {
    const { data, store } = await openedIn(temporaryFolder());
    await store.append({ units: [unitRecord('u')], readings: readings(1, 500) });
    const file = join(temporaryFolder(), 'backup.db');
    const { exitCode, stdout, stderr } = await run(['store', 'backup', file, '--data-dir', data]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/backup\.db: \d+ kB, the store as it is now\.\n$/);
    const restored = temporaryFolder();
    mkdirSync(join(restored, 'store'));
    copyFileSync(file, join(restored, 'store', 'telemetry.db'));
    expect(await countIn(restored)).toBe(500);
  });

  test('replaces nothing', async () => {
    const data = await dataWith(1);
    const file = join(temporaryFolder(), 'backup.db');
    writeFileSync(file, 'precious');
    const { exitCode, stderr } = await run(['store', 'backup', file, '--data-dir', data]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[store-exists]')]);
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('that is ended in its midst leaves no half of a file', async () => {
    const data = await dataWith(300_000);
    const file = join(temporaryFolder(), 'backup.db');
    const backup = start(['store', 'backup', file, '--data-dir', data]);
    await until(() => existsSync(file), 'the file');
    backup.end();
    // It may have been done by then.
    const isDone = (await backup.exitCode) === 0;
    expect(existsSync(file)).toBe(isDone);
  });
});

describe('store compact', () => {
  test('packs all readings, says what they take, and a server goes on with them', async () => {
    const data = await dataWith(3_000);
    const size = (): number => statSync(join(data, 'store', 'telemetry.db')).size;
    const before = size();
    const { exitCode, stdout, stderr } = await run(['store', 'compact', '--data-dir', data]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const each = (size() / 3_000).toFixed(1);
    expect(stdout).toBe(`${data}/store: 3,000 readings in ${Math.ceil(size() / 1e3)} kB, ${each} bytes a reading.\n`);
    expect(size()).toBeLessThan(before / 2);
    expect((await run(['store', 'check', '--data-dir', data])).stdout).toContain('whole, 3,000 readings of 1 unit');
    expect(await serverOn(data)).toEqual({ exitCode: 0, stderr: '' });
    const { store } = await openedIn(data);
    expect(await store.append({ units: [], readings: readings(2_999, 3_002) })).toEqual({ duplicates: [0, 1] });
    expect(await found(store)).toEqual(readings(1, 3_002));
  });

  test('in JSON has its figures, a second time the same ones', async () => {
    const data = await dataWith(3_000);
    for (let time = 1; time <= 2; time += 1) {
      const { exitCode, stdout } = await run(['store', 'compact', '--data-dir', data, '--json']);
      const bytes = statSync(join(data, 'store', 'telemetry.db')).size;
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        0,
        {
          folder: `${data}/store`,
          readings: 3_000,
          bytes,
          bytes_per_reading: Number((bytes / 3_000).toFixed(2)),
          damaged_blocks: 0,
        },
      ]);
    }
  });

  test('of an empty store has nothing to say of a reading', async () => {
    const { data, store } = await openedIn(temporaryFolder());
    await store.close();
    const { exitCode, stdout } = await run(['store', 'compact', '--data-dir', data]);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\/store: 0 readings in \d+ kB\.\n$/)]);
    const { stdout: json } = await run(['store', 'compact', '--data-dir', data, '--json']);
    expect(JSON.parse(json)).toMatchObject({ readings: 0, bytes_per_reading: 0, damaged_blocks: 0 });
  });

  test('sets aside what cannot be read, and says so', async () => {
    const data = await dataWith(3_000);
    damage(data);
    const { exitCode, stdout } = await run(['store', 'compact', '--data-dir', data]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(
        /\/store: 2,048 readings in .*\.\n1 block could not be read whole, and (is|are) set aside\.\n$/,
      ),
    ]);
    expect(await countIn(data)).toBe(2_048);
  });

  test('where there is no store fails, makes none, and says what to give', async () => {
    const data = temporaryFolder();
    const { exitCode, stdout, stderr } = await run(['store', 'compact', '--data-dir', data]);
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/give the folder of the server's --data-dir.*\[store-missing\]/),
    ]);
    expect(readdirSync(data)).toEqual([]);
  });

  test('is refused while a server runs, which goes on', async () => {
    const { data, store } = await openedIn(temporaryFolder());
    await store.append({ units: [], readings: readings(1, 5) });
    const { exitCode, stdout, stderr } = await run(['store', 'compact', '--data-dir', data]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`telemetryctl: ${data}/store: `);
    expect(stderr).toContain('[store-in-use]');
    await store.append({ units: [], readings: readings(6, 7) });
    expect(await found(store)).toEqual(readings(1, 7));
  });

  test('that is ended in its midst loses nothing', async () => {
    const data = await dataWith(120_000);
    const compact = start(['store', 'compact', '--data-dir', data]);
    const done = settled(compact);
    await until(() => done.is || existsSync(join(data, 'store', 'telemetry.db-wal')), 'its first write');
    compact.end();
    // It may have been done by then.
    const isDone = (await compact.exitCode) === 0;
    if (!isDone) expect(compact.stderr()).toContain('ended before it was done');
    expect((await run(['store', 'check', '--data-dir', data])).stdout).toContain('whole, 120,000 readings');
    expect(await countIn(data)).toBe(120_000);
  });
});

test('the commands that a server names when it does not start on a damaged store are the ones that mend it', async () => {
  const data = await dataWith(3000);
  change(join(data, 'store'), "UPDATE units SET record = replace(record, 'asked', 'other')");
  const { exitCode, stderr } = await serverOn(data);
  expect(exitCode).toBe(1);
  const commands = [...stderr.matchAll(/`telemetryctl ([^`]+)`/g)].map(([, command = '']) => command);
  expect(commands).toEqual([`store check --data-dir ${data}`, `store salvage --data-dir ${data}`]);
  expect(await run(commands[0] ?? '')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('unit u: its record'),
  });
  expect((await run(commands[1] ?? '')).exitCode).toBe(0);
  expect(await serverOn(data)).toEqual({ exitCode: 0, stderr: '' });
  expect(await countIn(data)).toBe(3000);
});

/** Whether a run has ended by now. */
function settled({ exitCode }: Run): { is: boolean } {
  const done = { is: false };
  void exitCode.then(() => (done.is = true));
  return done;
}

/** Runs the real server on the folder, until it listens or ends. */
async function serverOn(data: string): Promise<{ readonly exitCode: unknown; readonly stderr: string }> {
  const flags = ['--listen', 'tcp://127.0.0.1:0', '--http', 'off', '--data-dir', data, '--log-format', 'json'];
  await using server = startDaemon('telemetry-server', flags, { TELEMETRY_STORE_KIND: 'sqlite' });
  const listens = await server.event({ event: 'listening' }).then(
    () => true,
    () => false,
  );
  if (listens) await server.stop();
  return { exitCode: (await server.ended).code, stderr: server.errors() };
}

test('the program never loads node:sqlite in its main thread, where early releases of Node.js 24 warn of it', async () => {
  const program = fileURLToPath(new URL('../../src/bin/telemetryctl.ts', import.meta.url));
  const warning = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (specifier === 'node:sqlite') process.emitWarning('SQLite', 'ExperimentalWarning');
      return next(specifier, context);
    } });`;
  const hook = `data:text/javascript,${encodeURIComponent(warning)}`;
  const data = await dataWith(3);
  const file = join(temporaryFolder(), 'backup.db');
  for (const task of [['check'], ['backup', file], ['compact'], ['salvage']]) {
    const argv = ['--import', hook, program, 'store', ...task, '--data-dir', data];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    expect([await text(child.stderr), await ended]).toEqual(['', [0, null]]);
  }
});
