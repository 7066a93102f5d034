import { describe, expect, test } from 'vitest';
import type { ServerReport, SettingView } from '../../src/api/contract.ts';
import { quantile } from '../../src/http/quantile.ts';
import { call } from './call.ts';
import { FakeFacts } from './fake-facts.ts';
import { FakeHub, ManualClock, serve, unitView } from './fake-hub.ts';
import { byTest, temporaryAccess } from './temporary-access.ts';

async function reportOf(url: string): Promise<ServerReport> {
  const { status, body } = await call(`${url}/api/v1/server`);
  if (status !== 200) throw new Error(`status ${status}`);
  // The test below holds it to the contract, member for member.
  return body as ServerReport;
}

describe('GET /api/v1/server', () => {
  test('is what the server has done, and how it is', async () => {
    const hub = new FakeHub(unitView(), unitView({ client_id: 'b', name: 'b', state: 'lost' }));
    hub.notes = ['store.budget is full'];
    const joinPlace = () => ({ port: 34_568, fingerprint: 'ab'.repeat(32) });
    await using api = await serve({ hub, facts: new FakeFacts(), clock: new ManualClock(), joinPlace });
    hub.say('bad-reading', {}, 'warn');
    hub.say('registered', {});
    expect(await reportOf(api.url)).toEqual({
      version: '1.2.3',
      time: '2026-11-21T10:00:00.000Z',
      started: '2026-11-21T09:00:00.000Z',
      ready: true,
      problems: [],
      notes: ['store.budget is full'],
      units: { online: 1, late: 0, lost: 1, disconnected: 0 },
      connections: 5,
      readings: { stored: 1_000, duplicates: 7, refused: 1, waiting: 3 },
      commits: { stored: 90, failed: 2 },
      acknowledgement_seconds: { bounds: [0.001, 0.01, 0.1], counts: [500, 900, 990, 1_000], sum: 12.5 },
      last_minute: {
        readings_per_second: 0,
        acknowledgement_p50_seconds: null,
        acknowledgement_p99_seconds: null,
      },
      troubles: { 'bad-reading': 1 },
      store: {
        kind: 'sqlite',
        bytes: 52_428_800,
        budget_bytes: 1_073_741_824,
        retention: { readings: 2_592_000, '1m': 7_776_000, '10m': 31_536_000, '2h': null },
      },
      process: { resident_bytes: 104_857_600, cpu_seconds: 42.5 },
      join: { port: 34_568, fingerprint: 'ab'.repeat(32) },
      tcp_port: 34_567,
    } satisfies ServerReport);
  });

  test('says null where there is no store on a disk, no port and no place to join', async () => {
    const facts = new FakeFacts();
    facts.bytes = undefined;
    facts.port = undefined;
    await using api = await serve({ facts });
    expect(await reportOf(api.url)).toMatchObject({ store: { bytes: null }, join: null, tcp_port: null });
  });

  test('says why a server is not ready, and leaves out the size of a store that cannot be asked', async () => {
    const facts = new FakeFacts();
    facts.bytes = new Error('input/output error');
    await using api = await serve({ facts });
    api.hub.problems = ['the store takes nothing'];
    expect(await reportOf(api.url)).toMatchObject({
      ready: false,
      problems: ['the store takes nothing'],
      store: { bytes: null },
    });
  });

  test('is described in openapi.json member for member', async () => {
    await using api = await serve({ facts: new FakeFacts() });
    const { paths } = Object((await call(`${api.url}/api/v1/openapi.json`)).body);
    const { schema } = paths['/api/v1/server'].get.responses['200'].content['application/json'];
    const report = Object(await reportOf(api.url));
    expect(schema.required.toSorted()).toEqual(Object.keys(report).toSorted());
    for (const [name, described] of Object.entries(Object(schema.properties))) {
      const { required } = Object(described);
      if (name === 'join' || required === undefined) continue;
      expect([name, required.toSorted()]).toEqual([name, Object.keys(report[name]).toSorted()]);
    }
    expect(paths['/api/v1/settings'].get.summary).toMatch(/settings/);
    expect(paths['/metrics'].get.summary).toMatch(/Prometheus/);
  });
});

describe('the last minute', () => {
  test('is what came since the snapshot of a minute ago', async () => {
    const facts = new FakeFacts();
    const clock = new ManualClock();
    await using api = await serve({ facts, clock });
    // In the first hour 10 readings a second, all of them slow; then a minute of 100, all of them quick.
    for (let round = 0; round < 720; round += 1) {
      facts.go(50, [0, 0, 50, 0]);
      clock.pass(5_000);
    }
    for (let round = 0; round < 11; round += 1) {
      facts.go(500, [500, 0, 0, 0]);
      clock.pass(5_000);
    }
    const { last_minute: minute } = await reportOf(api.url);
    expect(minute.readings_per_second).toBe(100);
    expect(minute.acknowledgement_p50_seconds).toBeCloseTo(0.0005, 10);
    expect(minute.acknowledgement_p99_seconds).toBeCloseTo(0.00099, 10);
  });

  test('begins with the server', async () => {
    const facts = new FakeFacts();
    const clock = new ManualClock();
    await using api = await serve({ facts, clock });
    facts.go(30, [0, 30, 0, 0]);
    clock.pass(3_000);
    const { last_minute: minute } = await reportOf(api.url);
    expect(minute.readings_per_second).toBe(10);
    expect(minute.acknowledgement_p50_seconds).toBeCloseTo(0.0055, 10);
  });

  test('is not changed by what is counted on in the same list', async () => {
    const facts = new FakeFacts();
    const counts = [0, 0, 0, 0];
    facts.now = { ...facts.now, acknowledgement: { ...facts.now.acknowledgement, counts } };
    const clock = new ManualClock();
    await using api = await serve({ facts, clock });
    counts[0] = 100;
    clock.pass(1_000);
    expect((await reportOf(api.url)).last_minute.acknowledgement_p50_seconds).toBeCloseTo(0.0005, 10);
  });

  test('is measured until the server closes, and no longer', async () => {
    const clock = new ManualClock();
    const hub = new FakeHub();
    const api = await serve({ hub, facts: new FakeFacts(), clock });
    await api.close();
    const before = hub.subscriptions;
    expect([before, clock.waiting]).toEqual([0, 0]);
  });

  test('ends where the server cannot listen', async () => {
    await using api = await serve();
    const clock = new ManualClock();
    const hub = new FakeHub();
    await expect(serve({ hub, facts: new FakeFacts(), clock, port: api.port })).rejects.toThrow('another program');
    expect([hub.subscriptions, clock.waiting]).toEqual([0, 0]);
  });
});

describe('a quantile', () => {
  test.each([
    [0.5, [10, 0, 0, 0], 0.5],
    [0.5, [0, 10, 0, 0], 1.5],
    [0.25, [10, 10, 0, 0], 0.5],
    [0.5, [10, 10, 0, 0], 1],
    [0.99, [99, 0, 1, 0], 1],
    [1, [99, 0, 1, 0], 4],
    [0.99, [0, 0, 0, 5], 4],
    [0.5, [0, 0, 0, 0], null],
  ])('%d of %j lies at %d', (q, counts, expected) => {
    expect(quantile(q, [1, 2, 4], counts)).toBe(expected);
  });
});

describe('GET /api/v1/settings', () => {
  const settings: readonly SettingView[] = [
    {
      key: 'store.budget',
      value: '10GiB',
      source: '--store-budget',
      live: true,
      description: 'What the store may have',
    },
  ];

  test('has the settings as they are given', async () => {
    await using api = await serve({ facts: new FakeFacts(), settings: () => settings });
    expect((await call(`${api.url}/api/v1/settings`)).body).toEqual(settings);
  });

  test('is for administrators, and the report for all who may read', async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'ci', scope: 'operate', expiresMs: undefined }, byTest);
    await using api = await serve({ facts: new FakeFacts(), access, host: '0.0.0.0' });
    const headers = { authorization: `Bearer ${token}` };
    expect((await call(`${api.url}/api/v1/settings`, { headers })).problem).toBe('forbidden-scope');
    expect((await call(`${api.url}/api/v1/server`, { headers })).status).toBe(200);
    expect((await call(`${api.url}/api/v1/server`)).problem).toBe('unauthenticated');
  });
});
