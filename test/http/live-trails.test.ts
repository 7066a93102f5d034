import { describe, expect, test } from 'vitest';
import type { Trails } from '../../src/api/contract.ts';
import type { TakenReading } from '../../src/core/reading.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { SeriesStep, StepQuery, Store } from '../../src/store/contract.ts';
import { call } from './call.ts';
import { FakeHub, ManualClock, serve, startMs, unitView } from './fake-hub.ts';

const minuteMs = 60_000;
/** The first of the sixty minutes at the beginning of a test. */
const fromMs = startMs - 59 * minuteMs;

type Kept = Pick<TakenReading, 'sensor' | 'id' | 'values'> & { readonly clientId?: string; readonly time: number };

async function stored(...readings: readonly Kept[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.append({
    units: [],
    readings: readings.map(({ clientId = 'a', ...reading }) => ({
      clientId,
      unit: clientId,
      reading: { ...reading, epoch: undefined, seq: undefined },
    })),
  });
  return store;
}

/** Counts what it is asked, and answers when it is told to. */
class SlowStore implements Pick<Store, 'steps'> {
  readonly asked: StepQuery[] = [];
  ready: Promise<unknown> = Promise.resolve();
  fails = false;

  async *steps(query: StepQuery): AsyncGenerator<SeriesStep> {
    this.asked.push(query);
    await this.ready;
    if (this.fails) throw new Error('the disk is gone');
    const timeMs = query.fromMs + minuteMs;
    const celsius = { count: 2, min: 1, max: 3, sum: 4 };
    if (query.sensor === 'cpu_temp')
      yield { sensor: 'cpu_temp', id: undefined, timeMs, stepMs: minuteMs, values: { celsius } };
  }
}

function hubOf(joined: Pick<Store, 'steps'>, ...ids: readonly string[]): FakeHub {
  const hub = new FakeHub(...ids.map((id) => unitView({ client_id: id, name: id })));
  hub.joined = joined;
  return hub;
}

async function trails(url: string, ...ids: readonly string[]): Promise<Trails> {
  const response = await fetch(`${url}/api/v1/fleet/trails?units=${ids.join()}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const body: unknown = await response.json();
  return body as Trails;
}

/** Of sixty, those that are not null, by their minute. */
function minutesOf(values: readonly (number | null)[] | undefined): Record<number, number> {
  expect(values).toHaveLength(60);
  return Object.fromEntries((values ?? []).flatMap((value, minute) => (value === null ? [] : [[minute, value]])));
}

describe('trails', () => {
  test('have the mean of each minute of the last hour, and null where nothing was measured', async () => {
    const celsius = (time: number, value: number): Kept => ({ sensor: 'cpu_temp', time, values: { celsius: value } });
    const joined = await stored(
      celsius(fromMs - 1, 99),
      celsius(fromMs, 50),
      celsius(fromMs + 59_999, 51),
      celsius(fromMs + 2 * minuteMs, 52.26),
      celsius(startMs, 60),
      { sensor: 'ram', time: fromMs, values: { used: 1, available: 9, total: 4 } },
      { sensor: 'ram', time: fromMs + minuteMs, values: { used_ratio: 0.5 } },
      { sensor: 'cpu', time: fromMs + minuteMs, values: { utilisation: 0.12345, load1: 7 } },
      { clientId: 'b', sensor: 'cpu_temp', time: fromMs, values: { celsius: 1 } },
    );
    await using api = await serve({ hub: hubOf(joined, 'a', 'b'), clock: new ManualClock() });
    const { from, step, units } = await trails(api.url, 'a', 'b', 'nobody');
    expect([from, step, Object.keys(units)]).toEqual([fromMs, 60, ['a', 'b']]);
    const { a, b } = units;
    expect(minutesOf(a?.cpu_temp)).toEqual({ 0: 50.5, 2: 52.3, 59: 60 });
    expect(minutesOf(a?.ram)).toEqual({ 0: 0.25, 1: 0.5 });
    expect(minutesOf(a?.cpu)).toEqual({ 1: 0.1235 });
    expect(minutesOf(a?.disk)).toEqual({});
    expect(minutesOf(b?.cpu_temp)).toEqual({ 0: 1 });
  });

  test('have the hottest input and the fullest disk of each minute', async () => {
    const disk = (minute: number, id: string, used: number): Kept => ({
      sensor: 'disk',
      id,
      time: fromMs + minute * minuteMs,
      values: { used, total: 100 },
    });
    const heat = (id: string, celsius: number): Kept => ({ sensor: 'cpu_temp', id, time: fromMs, values: { celsius } });
    const joined = await stored(
      disk(0, '/', 50),
      disk(0, '/var', 40),
      disk(1, '/', 50),
      disk(1, '/var', 60),
      heat('1', 70),
      heat('2', 60),
    );
    await using api = await serve({ hub: hubOf(joined, 'a'), clock: new ManualClock() });
    const { a } = (await trails(api.url, 'a')).units;
    expect(minutesOf(a?.disk)).toEqual({ 0: 0.5, 1: 0.6 });
    expect(minutesOf(a?.cpu_temp)).toEqual({ 0: 70 });
  });

  test.for([
    [0, 0],
    [29_999, 0],
    [30_000, 1],
    [-30_001, -1],
    [3_600_000, 60],
    [null, 0],
  ] as const)("are by the server's clock where the unit's is off by %s ms", async ([offsetMs, minutes]) => {
    const joined = await stored({
      sensor: 'cpu_temp',
      time: fromMs + (10 + minutes) * minuteMs,
      values: { celsius: 50 },
    });
    const hub = hubOf(joined, 'a');
    hub.all.set('a', unitView({ client_id: 'a', clock_offset_ms: offsetMs }));
    await using api = await serve({ hub, clock: new ManualClock() });
    const { from, units } = await trails(api.url, 'a');
    expect([from, minutesOf(units['a']?.cpu_temp)]).toEqual([fromMs, { 10: 50 }]);
  });

  test('spread what only a coarser step is left of over its minutes', async () => {
    const celsius = { count: 1, min: 50, max: 50, sum: 50 };
    const joined: Pick<Store, 'steps'> = {
      async *steps({ sensor }) {
        const step = { sensor: 'cpu_temp', id: undefined, stepMs: 10 * minuteMs, values: { celsius } };
        if (sensor !== 'cpu_temp') return;
        yield { ...step, timeMs: fromMs - 8 * minuteMs };
        yield { ...step, timeMs: fromMs + 55 * minuteMs };
      },
    };
    await using api = await serve({ hub: hubOf(joined, 'a'), clock: new ManualClock() });
    const { a } = (await trails(api.url, 'a')).units;
    expect(Object.keys(minutesOf(a?.cpu_temp)).map(Number)).toEqual([0, 1, 55, 56, 57, 58, 59]);
  });

  test('are made once a minute for all who ask', async () => {
    const clock = new ManualClock();
    const store = new SlowStore();
    const made = Promise.withResolvers<void>();
    store.ready = made.promise;
    await using api = await serve({ hub: hubOf(store, 'a', 'b'), clock, limits: { queriesMax: 1 } });
    const asked = Promise.all([trails(api.url, 'a', 'b'), trails(api.url, 'b', 'a'), trails(api.url, 'b')]);
    made.resolve();
    const [one, other] = await asked;
    expect(minutesOf(one.units['a']?.cpu_temp)).toEqual({ 1: 2 });
    expect(other.units).toEqual(one.units);
    clock.pass(minuteMs - 1);
    await trails(api.url, 'a');
    expect(store.asked).toHaveLength(8);
    expect(new Set(store.asked.map(({ fromMs, toMs }) => `${fromMs} ${toMs}`))).toEqual(
      new Set([`${fromMs} ${startMs + minuteMs}`]),
    );
    clock.pass(1);
    expect((await trails(api.url, 'a')).from).toBe(fromMs + minuteMs);
    expect(store.asked).toHaveLength(12);
  });

  test('are made anew of those that were made first, where more are asked for than are kept', async () => {
    const store = new SlowStore();
    const hub = hubOf(store, 'a', 'b', 'c');
    await using api = await serve({ hub, clock: new ManualClock(), limits: { trailsKeptMax: 2 } });
    await trails(api.url, 'a', 'b', 'c');
    await trails(api.url, 'b', 'c');
    expect(store.asked).toHaveLength(12);
    await trails(api.url, 'a');
    expect(store.asked.at(-1)?.clientId).toBe('a');
    expect(store.asked).toHaveLength(16);
  });

  test('of 64 units are answered, and of 65 are not', async () => {
    await using api = await serve({ hub: hubOf(new SlowStore(), 'a'), clock: new ManualClock() });
    const ids = Array.from({ length: 65 }, (_, index) => `unit-${index}`);
    await trails(api.url, ...ids.slice(0, 64));
    const { problem, body } = await call(`${api.url}/api/v1/fleet/trails?units=${ids.join()}`);
    expect(problem).toBe('bad-request');
    expect(body).toMatchObject({ errors: [{ parameter: 'units' }] });
    for (const query of ['', '?units=', '?units=a&step=1']) {
      expect((await call(`${api.url}/api/v1/fleet/trails${query}`)).problem).toBe('bad-request');
    }
  });

  test('count among the queries that are answered at a time, unless they are there', async () => {
    const store = new SlowStore();
    const hub = hubOf(store, 'a', 'b');
    const made = Promise.withResolvers<void>();
    await using api = await serve({ hub, clock: new ManualClock(), limits: { queriesMax: 1 } });
    await trails(api.url, 'a');
    store.ready = made.promise;
    const waiting = trails(api.url, 'b');
    while (store.asked.length < 5) await trails(api.url, 'a');
    const refused = await call(`${api.url}/api/v1/units/a/readings`);
    expect([refused.problem, refused.headers['retry-after']]).toEqual(['too-many-queries', '5']);
    await trails(api.url, 'a');
    made.resolve();
    await waiting;
    expect((await call(`${api.url}/api/v1/units/a/readings`)).status).toBe(200);
  });

  test('are refused while as many queries as may be are answered', async () => {
    const hub = hubOf(new SlowStore(), 'a');
    await using api = await serve({ hub, clock: new ManualClock(), limits: { queriesMax: 0 } });
    expect((await call(`${api.url}/api/v1/fleet/trails?units=a`)).problem).toBe('too-many-queries');
    expect((await call(`${api.url}/api/v1/fleet/trails?units=nobody`)).status).toBe(200);
  });

  test('that cannot be read are said to be so, and are asked for again', async () => {
    const store = new SlowStore();
    store.fails = true;
    await using api = await serve({ hub: hubOf(store, 'a'), clock: new ManualClock() });
    expect((await call(`${api.url}/api/v1/fleet/trails?units=a`)).problem).toBe('store-unavailable');
    expect(api.logged).toMatchObject([
      { level: 'error', event: 'query-failed', fields: { reason: 'the disk is gone' } },
    ]);
    store.fails = false;
    expect(minutesOf((await trails(api.url, 'a')).units['a']?.cpu_temp)).toEqual({ 1: 2 });
  });
});
