import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { scrape, scrapeUnits } from './metrics-answer.ts';
import { FakeFacts } from './fake-facts.ts';
import { FakeHub, serve, unitView, until } from './fake-hub.ts';
import { byTest, temporaryAccess } from './temporary-access.ts';

const names = Array.from({ length: 200 }, (_, index) => `machine-${index}`);
const fleet = names.map((name) => unitView({ name, client_id: `id-${name}` }));

describe('GET /metrics', () => {
  test('is in the text format of version 0.0.4', async () => {
    await using api = await serve({ facts: new FakeFacts() });
    const response = await fetch(`${api.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toMatch(/^# HELP .+\n# TYPE process_cpu_seconds_total counter\n/);
  });

  test('has every unit once, the samples of a family together, however many there are', async () => {
    const { series } = await scrapeUnits(fleet);
    expect(series('telemetry_cpu_temperature_celsius')).toHaveLength(names.length);
    expect(series('telemetry_unit_state')).toHaveLength(names.length * 4);
    expect(series('telemetry_disk_used_bytes')).toHaveLength(names.length * 2);
  });

  test('has names of whatever characters whole, however many there are', async () => {
    const units = names.map((name) => unitView({ name: `€ü${name}é`, client_id: name }));
    const { series } = await scrapeUnits(units);
    expect(series('telemetry_unit_clock_offset_seconds')).toEqual(
      names.map((name) => `telemetry_unit_clock_offset_seconds{unit="€ü${name}é"}`),
    );
  });

  test('goes through no more units for a scraper that has gone', async () => {
    let asked = 0;
    const hub = new FakeHub(unitView());
    const ids = Array.from({ length: 20_000 }, () => unitView().client_id);
    hub.ids = () => ids;
    await using api = await serve({ hub, facts: new FakeFacts() });
    const scraper = new AbortController();
    hub.onLook = (unit) => {
      asked += 1;
      scraper.abort();
      return unit;
    };
    await expect(fetch(`${api.url}/metrics`, { signal: scraper.signal })).rejects.toThrow('aborted');
    // While the walk goes on, every turn of the loop takes it further.
    for (let before = -1; before !== asked;) {
      before = asked;
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    }
    expect(asked).toBeLessThan(ids.length);
  });

  test('lets the event loop turn while it goes through the units', async () => {
    let asked = 0;
    let turns = 0;
    let isCounting = true;
    const hub = new FakeHub(...fleet);
    await using api = await serve({ hub, facts: new FakeFacts() });
    const count = (): void => {
      if (asked > 0 && asked < names.length) turns += 1;
      if (isCounting) setImmediate(count);
    };
    hub.onLook = (unit) => {
      asked += 1;
      return unit;
    };
    count();
    await scrape(`${api.url}/metrics`);
    isCounting = false;
    expect(asked).toBe(names.length);
    // 200 units have 5 steps each, and there are 200 steps a turn.
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  test('leaves out a unit that goes while it is being written', async () => {
    const hub = new FakeHub(...fleet);
    await using api = await serve({ hub, facts: new FakeFacts() });
    hub.onLook = (unit) => {
      hub.all.delete('id-machine-199');
      return unit;
    };
    const { series } = await scrape(`${api.url}/metrics`);
    expect(series('telemetry_unit_info')).toHaveLength(names.length - 1);
  });

  test('is refused while four others are being answered, and served again after them', async () => {
    const facts = new FakeFacts();
    const held = Promise.withResolvers<number>();
    let asked = 0;
    facts.storeBytes = () => {
      asked += 1;
      return held.promise;
    };
    await using api = await serve({ facts });
    const four = Array.from({ length: 4 }, () => fetch(`${api.url}/metrics`));
    await until(() => asked === 4, 'the four');
    expect((await call(`${api.url}/metrics`)).problem).toBe('too-many-queries');
    held.resolve(1);
    for (const one of four) expect((await one).status).toBe(200);
    await Promise.all(four.map(async (one) => (await one).text()));
    expect((await call(`${api.url}/metrics`)).status).toBe(200);
  });

  test('takes no other names than those that there are', async () => {
    await using api = await serve({ facts: new FakeFacts() });
    expect((await call(`${api.url}/metrics?names=telemetry`)).status).toBe(200);
    expect((await call(`${api.url}/metrics?names=otlp`)).problem).toBe('bad-request');
    expect((await call(`${api.url}/metrics?name=node`)).problem).toBe('bad-request');
  });

  test('is for who may read, by API token elsewhere than on loopback', async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'prometheus', scope: 'read', expiresMs: undefined }, byTest);
    await using api = await serve({ facts: new FakeFacts(), access, host: '0.0.0.0' });
    expect((await call(`${api.url}/metrics`)).problem).toBe('unauthenticated');
    const headers = { authorization: `Bearer ${token}` };
    expect((await call(`${api.url}/metrics`, { headers })).status).toBe(200);
  });

  test('is not there for a server that tells nothing of itself', async () => {
    await using api = await serve();
    expect((await call(`${api.url}/metrics`)).problem).toBe('no-such-route');
  });
});

describe('the figures of the server', () => {
  test('are its counts, with the histogram cumulative', async () => {
    const { value, families } = await scrapeUnits([unitView()]);
    expect(value('telemetry_build_info{version="1.2.3"}')).toBe(1);
    expect(value('telemetry_ready')).toBe(1);
    expect(value('telemetry_readings_stored_total')).toBe(1_000);
    expect(value('telemetry_readings_duplicate_total')).toBe(7);
    expect(value('telemetry_readings_waiting')).toBe(3);
    expect(value('telemetry_commits_total{outcome="stored"}')).toBe(90);
    expect(value('telemetry_commits_total{outcome="failed"}')).toBe(2);
    expect(value('telemetry_connections')).toBe(5);
    expect(value('telemetry_store_bytes')).toBe(52_428_800);
    expect(value('telemetry_store_budget_bytes')).toBe(1_073_741_824);
    expect(value('process_start_time_seconds')).toBe(1_795_251_600);
    expect(value('process_resident_memory_bytes')).toBe(104_857_600);
    expect(value('process_cpu_seconds_total')).toBe(42.5);
    const name = 'telemetry_acknowledgement_duration_seconds';
    expect([...(families.get(name)?.samples ?? [])]).toEqual([
      [`${name}_bucket{le="0.001"}`, 500],
      [`${name}_bucket{le="0.01"}`, 900],
      [`${name}_bucket{le="0.1"}`, 990],
      [`${name}_bucket{le="+Inf"}`, 1_000],
      [`${name}_sum`, 12.5],
      [`${name}_count`, 1_000],
    ]);
  });

  test('count the units by state', async () => {
    const units = (['online', 'lost', 'lost'] as const).map((state, index) =>
      unitView({ state, name: `u${index}`, client_id: `id-${index}` }),
    );
    const { value } = await scrapeUnits(units);
    const counts = ['online', 'late', 'lost', 'disconnected'].map((state) =>
      value(`telemetry_units{state="${state}"}`),
    );
    expect(counts).toEqual([1, 0, 2, 0]);
  });

  test('leave out the size of a store that has none or cannot say, and a budget that is none', async () => {
    for (const bytes of [undefined, new Error('input/output error')]) {
      const facts = new FakeFacts();
      facts.bytes = bytes;
      facts.store = { ...facts.store, budget_bytes: null };
      await using api = await serve({ facts });
      const { families } = await scrape(`${api.url}/metrics`);
      expect(families.has('telemetry_store_bytes')).toBe(false);
      expect(families.has('telemetry_store_budget_bytes')).toBe(false);
    }
  });

  test('count the events that need somebody, what is no reading among them, and say whether the server is ready', async () => {
    await using api = await serve({ facts: new FakeFacts() });
    api.hub.say('registered', {});
    api.hub.say('bad-reading', {}, 'warn');
    api.hub.say('bad-reading', {}, 'warn');
    api.hub.say('store-unavailable', {}, 'error');
    api.hub.problems = ['the store takes nothing'];
    api.hub.leftOut = 4;
    const { value, series } = await scrape(`${api.url}/metrics`);
    expect(series('telemetry_events_total')).toHaveLength(2);
    expect(value('telemetry_events_total{event="bad-reading"}')).toBe(2);
    expect(value('telemetry_events_total{event="store-unavailable"}')).toBe(1);
    expect(value('telemetry_readings_refused_total')).toBe(2);
    expect(value('telemetry_store_blocks_left_out_total')).toBe(4);
    expect(value('telemetry_ready')).toBe(0);
  });
});
