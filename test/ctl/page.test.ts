import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PageSnapshot } from '../../src/api/page-snapshot.ts';
import type { Trails } from '../../src/api/contract.ts';
import { joinedTrails } from '../../src/app/ctl/joined-trails.ts';
import { pageParts } from '../../src/app/ctl/page-parts.ts';
import { writeWhole } from '../../src/app/ctl/whole-file.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { FakeHub, ManualClock, serve, startMs, unitReading, unitView } from '../http/fake-hub.ts';
import { gapRecord, keeping } from '../store/samples.ts';
import { run } from './run.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const minute = 60_000;

/** A folder that goes with the test. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'telemetry-page-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** What a page holds, when it is one whole document that loads nothing. */
function snapshotIn(page: string): PageSnapshot {
  expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  const [, data = ''] = /<script type="application\/json" id="snapshot">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(data) as PageSnapshot;
}

/** Two units, of which one has measured for ten minutes and missed some. */
async function hubOfTwo(): Promise<FakeHub> {
  const store = new MemoryStore();
  const readings = Array.from({ length: 10 }, (_, index) => {
    const time = startMs - (10 - index) * minute;
    const labels = { epoch: 'e', seq: index + 1, time, id: undefined };
    return unitReading(1, { reading: { sensor: 'cpu_temp', values: { celsius: 40 + index }, ...labels } });
  });
  const missed = {
    clientId: id,
    fromMs: startMs - 8 * minute,
    filledMs: startMs - 8 * minute,
    toMs: startMs - 7 * minute,
  };
  await store.append({ units: [], readings, gaps: keeping(gapRecord(1, missed)) });
  const hub = new FakeHub(unitView(), unitView({ client_id: 'x', name: '</script><b>' }));
  Object.assign(hub, { kept: store, joined: store, missing: store });
  hub.happened = [{ clientId: id, timeMs: startMs - 9 * minute, event: 'registered', details: {} }];
  return hub;
}

describe('page', () => {
  test('writes the fleet with its last hour into one file', async () => {
    await using api = await serve({ hub: await hubOfTwo(), clock: new ManualClock() });
    const out = join(folder(), 'fleet.html');
    const { exitCode, stdout, stderr } = await run(['page', '--out', out], { api: api.url });
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^telemetryctl: \S+fleet\.html is written: \d+ KiB\.\n$/);
    const page = readFileSync(out, 'utf8');
    const { made, server, fleet, trails, unit } = snapshotIn(page);
    expect([made, server, unit]).toEqual([startMs, new URL(api.url).host, undefined]);
    expect(fleet).toEqual(await (await fetch(`${api.url}/api/v1/fleet`)).json());
    expect(trails).toEqual(await (await fetch(`${api.url}/api/v1/fleet/trails?units=${id},x`)).json());
    expect(trails.units[id]?.cpu_temp.filter((value) => value !== null)).toHaveLength(10);
    const { script } = await pageParts();
    expect(page.length).toBeGreaterThan(script.length);
  });

  test('of one unit has its charts, gaps and events, and nobody else', async () => {
    await using api = await serve({ hub: await hubOfTwo(), clock: new ManualClock() });
    const out = join(folder(), 'unit.html');
    const range = ['--from', String(startMs - 20 * minute), '--to', String(startMs)];
    const { exitCode } = await run(['page', '--unit', 'bench-03', ...range, '--out', out], { api: api.url });
    expect(exitCode).toBe(0);
    const { fleet, trails, unit } = snapshotIn(readFileSync(out, 'utf8'));
    expect(fleet.units.map(({ name }) => name)).toEqual(['bench-03']);
    expect(Object.keys(trails.units)).toEqual([id]);
    expect(unit).toMatchObject({ from: startMs - 20 * minute, to: startMs, step: 5, view: { name: 'bench-03' } });
    expect(unit?.history.map(({ time }) => time)).toEqual(
      Array.from({ length: 10 }, (_, index) => startMs - (10 - index) * minute),
    );
    expect(unit?.gaps).toHaveLength(1);
    expect(unit?.events.map(({ event }) => event)).toEqual(['registered']);
  });

  test.each([
    ['-10m', 1],
    ['-1d', 300],
    ['-365d', 86_400],
    ['-9999w', 604_800],
  ])('charts from %s on are of steps of %i s', async (from, step) => {
    await using api = await serve({ hub: await hubOfTwo() });
    const line = ['page', '--unit', 'bench-03', '--from', from, '--out', '-'];
    const { stdout } = await run(line, { api: api.url });
    expect(snapshotIn(stdout).unit?.step).toBe(step);
  });

  test('has the last hour of more units than the API tells at once', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `u${index}`);
    const hub = new FakeHub(...names.map((name) => unitView({ client_id: name, name })));
    await using api = await serve({ hub });
    const { exitCode, stdout } = await run('page --out -', { api: api.url });
    expect(exitCode).toBe(0);
    expect(Object.keys(snapshotIn(stdout).trails.units).toSorted()).toEqual(names.toSorted());
  });

  test('a fleet without units is a page, too', async () => {
    await using api = await serve({ hub: new FakeHub() });
    const { exitCode, stdout, stderr } = await run('page --out -', { api: api.url });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(snapshotIn(stdout)).toMatchObject({ fleet: { units: [] }, trails: { units: {} } });
  });

  test('a file that is there is replaced as a whole, and a page that fails leaves it as it was', async () => {
    await using api = await serve();
    const where = folder();
    const out = join(where, 'fleet.html');
    writeFileSync(out, 'former');
    chmodSync(out, 0o640);
    expect((await run(['page', '--unit', 'nobody', '--out', out], { api: api.url })).exitCode).toBe(1);
    expect(readFileSync(out, 'utf8')).toBe('former');
    const { ino } = statSync(out);
    expect((await run(['page', '--out', out], { api: api.url })).exitCode).toBe(0);
    snapshotIn(readFileSync(out, 'utf8'));
    // Another file under the same name: whoever reads the former one reads it to its end.
    expect(statSync(out).ino).not.toBe(ino);
    expect(statSync(out).mode & 0o777).toBe(0o640);
    expect(readdirSync(where)).toEqual(['fleet.html']);
  });

  test('a folder that is not there is a failure that says so, and leaves nothing behind', async () => {
    await using api = await serve();
    const where = folder();
    const { exitCode, stderr } = await run(['page', '--out', join(where, 'none', 'fleet.html')], { api: api.url });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/^telemetryctl: Cannot write .* \[page-not-written\]\n$/),
    ]);
    mkdirSync(join(where, 'taken'));
    const onFolder = await run(['page', '--out', join(where, 'taken')], { api: api.url });
    expect([onFolder.exitCode, onFolder.stderr]).toEqual([1, expect.stringContaining('[page-not-written]')]);
    expect(readdirSync(where)).toEqual(['taken']);
  });
});

describe('a file that is written whole', () => {
  test('keeps a symbolic link, and replaces what it points to', async () => {
    const where = folder();
    writeFileSync(join(where, 'page-1.html'), 'former');
    symlinkSync('page-1.html', join(where, 'current.html'));
    await writeWhole(join(where, 'current.html'), 'new');
    expect(lstatSync(join(where, 'current.html')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(where, 'page-1.html'), 'utf8')).toBe('new');
  });

  test('is written to what is no file, which stays what it is', async () => {
    const pipe = join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readText(pipe), writeWhole(pipe, 'through')]);
    expect([read, statSync(pipe).isFIFO()]).toEqual(['through', true]);
  });
});

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8');
}

test('trails that were asked for over the end of a minute are of the same hour', () => {
  const trail = (...values: readonly (number | null)[]): Trails['units'][string] => ({
    cpu_temp: values,
    ram: values,
    disk: values,
    cpu: values,
  });
  const early: Trails = { from: 0, step: 60, units: { a: trail(1, 2, 3) } };
  const late: Trails = { from: 60_000, step: 60, units: { b: trail(4, 5, 6) } };
  expect(joinedTrails([early, late])).toEqual({
    from: 60_000,
    step: 60,
    units: { a: trail(2, 3, null), b: trail(4, 5, 6) },
  });
  expect(joinedTrails([early])).toEqual(early);
  expect(joinedTrails([])).toEqual({ from: 0, step: 60, units: {} });
});

test('a dashboard that is not built, or not wholly, is said to be missing', async () => {
  const where = folder();
  await expect(pageParts(where)).rejects.toMatchObject({ code: 'page-missing', exitCode: 1 });
  writeFileSync(join(where, 'index.html'), '<script src="./assets/index-a.js"></script>');
  await expect(pageParts(where)).rejects.toMatchObject({ code: 'page-missing' });
  writeFileSync(
    join(where, 'index.html'),
    '<script src="./assets/index-a.js"></script><link rel="stylesheet" href="./assets/index-b.css">',
  );
  await expect(pageParts(where)).rejects.toThrow('npm run build:web');
  mkdirSync(join(where, 'assets'));
  writeFileSync(join(where, 'assets', 'index-a.js'), 'script');
  writeFileSync(join(where, 'assets', 'index-b.css'), 'style');
  expect(await pageParts(where)).toEqual({ script: 'script', style: 'style' });
});
