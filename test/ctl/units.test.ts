import { expect, test } from 'vitest';
import { ago } from '../../src/app/ctl/figures.ts';
import { closeNames } from '../../src/app/ctl/find-unit.ts';
import { table } from '../../src/app/ctl/table.ts';
import { FakeHub, serve, startMs, unitView } from '../http/fake-hub.ts';
import { run } from './run.ts';

const v1 = unitView({
  client_id: 'v1',
  name: 'old-1',
  state: 'lost',
  v: 1,
  interval: { confirmed: 10, wanted: 60, rev: 2, state: 'assumed', tries: 3 },
  latest: { ram: [{ time: startMs, sensor: 'ram', used_ratio: 0.018 }] },
});
const slow = unitView({
  client_id: 'c3',
  name: 'sprache-日本',
  state: 'late',
  interval: { confirmed: 10, wanted: 5, rev: 2, state: 'sending', tries: 1 },
  latest: {
    cpu_temp: [
      { time: startMs, sensor: 'cpu_temp', id: 'package 0', celsius: 51.26 },
      { time: startMs, sensor: 'cpu_temp', id: 'package 1', celsius: 61.26 },
    ],
    disk: [{ time: startMs, sensor: 'disk', id: '/', available: 1, total: 4 }],
  },
});

/** What is after the column SEEN depends on the day of the test. */
const withoutSeen = (text: string): string => text.replaceAll(/\d+ (s|min|h|d) ago$|now$/gm, 'AGO');

test('units is a table of what matters, aligned', async () => {
  await using api = await serve({ hub: new FakeHub(unitView(), v1, slow) });
  const { exitCode, stdout, stderr } = await run('units', { api: api.url });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(withoutSeen(stdout)).toBe(
    [
      'UNIT          STATE       CPU  RAM  FULLEST DISK  INTERVAL        SEEN',
      'bench-03      online  54.5 °C  38%  90% /var      10 s            AGO',
      'old-1         lost          -   2%  -             60 s (assumed)  AGO',
      'sprache-日本  late    61.3 °C    -  75% /         10 s → 5 s      AGO',
      '',
    ].join('\n'),
  );
});

test('units --json is what the API gives, with what this version does not know', async () => {
  const hub = new FakeHub(Object.assign(unitView(), { labels: ['later'] }));
  await using api = await serve({ hub });
  const { stdout } = await run('units --json', { api: api.url });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(hub.units())));
});

test('colours are for terminals only, and NO_COLOR takes them away', async () => {
  await using api = await serve();
  const escape = '\u001B[';
  expect((await run('units', { api: api.url, isTerminal: true })).stdout).toContain(`${escape}32monline`);
  expect((await run('units', { api: api.url })).stdout).not.toContain(escape);
  expect((await run('units', { api: api.url, isTerminal: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(escape);
  expect((await run('units', { api: api.url, isTerminal: true, env: { NO_COLOR: '' } })).stdout).toContain(escape);
});

test('a name cannot steer the terminal, in no form of output', async () => {
  const name = 'a\u009B2J\u202Eb';
  const hub = new FakeHub(
    unitView({ name, latest: { disk: [{ time: startMs, sensor: 'disk', id: '/\u001B[2J', used: 1, total: 2 }] } }),
  );
  await using api = await serve({ hub });
  for (const line of ['units', 'units --json', 'unit Yw1l0Ck3aT8mQ2vN5xR7sA', 'unit Yw1l0Ck3aT8mQ2vN5xR7sA --json']) {
    const { stdout } = await run(line, { api: api.url });
    expect(stdout).toContain('\\u009b2J\\u202eb');
    for (const raw of ['\u009B', '\u202E', '\u001B']) expect(stdout).not.toContain(raw);
  }
});

test('no units is said, and is no failure', async () => {
  await using api = await serve({ hub: new FakeHub() });
  const { exitCode, stderr } = await run('units', { api: api.url });
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('no unit has registered yet')]);
});

test('unit shows all about one, by name or client_id', async () => {
  await using api = await serve({ hub: new FakeHub(unitView(), slow) });
  for (const name of ['bench-03', 'Yw1l0Ck3aT8mQ2vN5xR7sA']) {
    const { exitCode, stdout } = await run(['unit', name], { api: api.url });
    expect(exitCode).toBe(0);
    for (const text of [
      '192.0.2.7, UDP port 45678',
      '10 s, confirmed, revision 1',
      "within 2 s of the server's",
      'v2',
      'celsius=54.5',
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toMatch(/disk \/var {2}used=/);
  }
  expect((await run(['unit', slow.name], { api: api.url })).stdout).toContain(
    '10 s → 5 s, sending, sent once, revision 2',
  );
  expect(JSON.parse((await run('unit bench-03 --json', { api: api.url })).stdout)).toEqual(unitView());
});

test("a unit's name does not take the place of another's client_id", async () => {
  const impostor = unitView({ client_id: 'zzz', name: 'Yw1l0Ck3aT8mQ2vN5xR7sA' });
  await using api = await serve({ hub: new FakeHub(impostor, unitView()) });
  const { stdout } = await run('unit Yw1l0Ck3aT8mQ2vN5xR7sA --json', { api: api.url });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'bench-03' });
});

test.for(['unit bench-3', 'interval bench-3 5', 'tail bench-3'])(
  '%s, which nobody is called, fails and names what comes close',
  async (line) => {
    await using api = await serve({ hub: new FakeHub(unitView(), v1) });
    const { exitCode, stdout, stderr } = await run(line, { api: api.url });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('There is no unit with the name or client_id "bench-3"; did you mean bench-03?');
    expect(api.hub.asked).toEqual([]);
  },
);

test('close names are the misspelt one, then those that contain what was given', () => {
  expect(closeNames('db', ['db-1', 'DB-2', 'web'])).toEqual(['db-1', 'DB-2']);
  expect(closeNames('wbe', ['db-1', 'web'])).toEqual([]);
  expect(closeNames('', ['db-1'])).toEqual([]);
});

test('how long ago is said in the largest unit that fits', () => {
  expect([-5, 999, 1000, 119_999, 120_000, 7_200_000, 172_800_000].map((ms) => ago(ms))).toEqual([
    'now',
    'now',
    '1 s ago',
    '119 s ago',
    '2 min ago',
    '2 h ago',
    '2 d ago',
  ]);
});

test('a table without rows is its titles', () => {
  expect(
    table(
      [
        { title: 'A', align: 'left' },
        { title: 'B', align: 'right' },
      ],
      [],
    ),
  ).toBe('A  B\n');
});
