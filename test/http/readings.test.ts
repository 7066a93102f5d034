import { get, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { UnitReading } from '../../src/core/reading.ts';
import { opened } from '../store/opened.ts';
import { FakeHub, ManualClock, serve, startMs, unitReading, unitView, until } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';

/** Readings of the unit, one a second. */
function readings(from: number, to: number): UnitReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    return unitReading(seq, {
      reading: {
        sensor: 'disk',
        id: '/',
        values: { used: seq, total: 1e6 },
        time: startMs + seq * 1000,
        epoch: 'e',
        seq,
      },
    });
  });
}

/** A hub before a real store with these readings. */
async function hubWith(...kept: readonly UnitReading[]): Promise<FakeHub> {
  const { store } = await opened();
  await store.append({ units: [], readings: kept });
  const hub = new FakeHub(unitView());
  hub.kept = store;
  return hub;
}

const pathOf = (query = ''): string => `/api/v1/units/${id}/readings${query}`;

async function problemOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return response.json();
}

/** The answer, of which nothing is read. */
function unread(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (message) => resolve(message.on('error', () => {}))).on('error', reject);
  });
}

describe('the readings of a unit', () => {
  test('are an array in order of time, with the members of the wire and the unit', async () => {
    const v1 = { sensor: 'ram', values: { used_ratio: 0.5 }, time: startMs, epoch: undefined, seq: undefined };
    const later = { ...unitReading(2).reading, time: startMs + 1 };
    const hub = await hubWith(unitReading(2, { reading: later }), unitReading(1, { reading: v1 }));
    await using api = await serve({ hub });
    const response = await fetch(api.url + pathOf());
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const labelled = { unit: 'bench-03', client_id: id, seq: 2, time: startMs + 1, sensor: 'cpu_temp' };
    expect(await response.json()).toEqual([
      { unit: 'bench-03', client_id: id, time: startMs, sensor: 'ram', used_ratio: 0.5 },
      { ...labelled, id: 'coretemp/Package id 0', epoch: '5f2c91e0', celsius: 54.5 },
    ]);
  });

  test('are those of a sensor, of an id, and of a time, its beginning included and its end not', async () => {
    const hub = await hubWith(...readings(1, 9), unitReading(10));
    await using api = await serve({ hub });
    const seqs = async (query: string): Promise<unknown> => {
      const found: unknown = await (await fetch(api.url + pathOf(query))).json();
      return Array.isArray(found) ? found.map((one) => Reflect.get(Object(one), 'seq')) : found;
    };
    expect(await seqs('?sensor=cpu_temp')).toEqual([10]);
    expect(await seqs('?sensor=disk&id=/nowhere')).toEqual([]);
    expect(await seqs('?id=/')).toHaveLength(9);
    expect(await seqs(`?sensor=disk&from=${startMs + 3000}&to=${startMs + 6000}`)).toEqual([3, 4, 5]);
    expect(await seqs('?sensor=disk&from=2026-11-21T10:00:08Z')).toEqual([8, 9]);
    expect(await seqs('?sensor=disk&to=2026-11-21T11:00:02.500%2B01:00')).toEqual([1, 2]);
  });

  test('of a range without any are an empty array', async () => {
    await using api = await serve({ hub: await hubWith(...readings(1, 3)) });
    const response = await fetch(api.url + pathOf('?sensor=disk&to=0'));
    expect([response.status, await response.text()]).toEqual([200, '[]\n']);
  });

  test('are a line each where Accept or format says so, however many there are', async () => {
    await using api = await serve({ hub: await hubWith(...readings(1, 3000)), limits: { queryChunkCharacters: 500 } });
    for (const options of [{ query: '?format=ndjson' }, { headers: { accept: 'application/x-ndjson' } }]) {
      const response = await fetch(api.url + pathOf(options.query), { headers: options.headers ?? {} });
      expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      const lines = (await response.text()).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line): unknown => JSON.parse(line).seq)).toEqual(Array.from(lines, (_, index) => index + 1));
      expect(lines).toHaveLength(3000);
    }
    const whole: unknown = await (await fetch(api.url + pathOf())).json();
    expect(whole).toHaveLength(3000);
  });

  test('are rows of CSV, one for each value', async () => {
    await using api = await serve({ hub: await hubWith(...readings(1, 1)) });
    const response = await fetch(api.url + pathOf(), { headers: { accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(await response.text()).toBe(
      [
        'time,unit,client_id,sensor,id,epoch,seq,source,name,value',
        `2026-11-21T10:00:01.000Z,bench-03,${id},disk,/,e,1,,used,1`,
        `2026-11-21T10:00:01.000Z,bench-03,${id},disk,/,e,1,,total,1000000`,
        '',
      ].join('\r\n'),
    );
  });
});

describe('a query that cannot be answered', () => {
  test.for([
    ['?from=yesterday', 'from is no time; it is written for example 2026-11-21T10:00:00Z', 'from'],
    ['?to=2026-02-30T00:00:00Z', 'to is no time', 'to'],
    ['?to=2026-11-21', 'to is no time', 'to'],
    ['?from=2026-11-21T11:00:00+01:00', 'from is no time; it is written for example', 'from'],
    ['?from=200&to=100', 'from is not before to: 200 is the beginning, 100 the end', 'from'],
    ['?from=100&to=100', 'from is not before to', 'from'],
    ['?sensor=CPU%20Temp', 'sensor is no name of a sensor; cpu_temp is one', 'sensor'],
    ['?sensor=', 'sensor is no name of a sensor', 'sensor'],
    ['?sensor=a&sensor=b', 'sensor is given more than once', 'sensor'],
    ['?format=xml', 'format is not one of json, ndjson, csv', 'format'],
    ['?since=60', 'since is not known here; leave it out', 'since'],
  ] as const)('%s is a 400 problem that says what is wrong', async ([query, detail, parameter]) => {
    await using api = await serve({ hub: await hubWith(...readings(1, 1)) });
    const response = await fetch(api.url + pathOf(query));
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({
      type: 'urn:telemetry-hub:problem:bad-request',
      detail: expect.stringContaining(detail),
      errors: [{ parameter }],
    });
  });

  test('two faults are both told', async () => {
    await using api = await serve();
    expect(await problemOf(await fetch(api.url + pathOf('?from=a&to=b')))).toMatchObject({
      errors: [{ parameter: 'from' }, { parameter: 'to' }],
    });
  });

  test('of no unit is a 404 problem', async () => {
    await using api = await serve();
    const response = await fetch(`${api.url}/api/v1/units/bench-03/readings`);
    expect([response.status, await problemOf(response)]).toEqual([
      404,
      expect.objectContaining({ type: 'urn:telemetry-hub:problem:no-such-unit' }),
    ]);
  });

  test('of a sensor that the unit never had is a 404 problem that names those it has', async () => {
    await using api = await serve({ hub: await hubWith(...readings(1, 1)) });
    const response = await fetch(api.url + pathOf('?sensor=gpu'));
    expect([response.status, await problemOf(response)]).toEqual([
      404,
      expect.objectContaining({
        type: 'urn:telemetry-hub:problem:no-such-sensor',
        detail: 'bench-03 has no readings of a sensor gpu; it has cpu_temp, disk, ram.',
      }),
    ]);
  });

  test('of a sensor that the unit had once is empty, and no problem', async () => {
    const once = { sensor: 'gone', values: { x: 1 }, time: startMs, epoch: 'e', seq: 1 };
    await using api = await serve({ hub: await hubWith(unitReading(1, { reading: once })) });
    const response = await fetch(api.url + pathOf('?sensor=gone&to=5'));
    expect([response.status, await response.json()]).toEqual([200, []]);
  });

  test('in a form that is not there is a 406 problem', async () => {
    await using api = await serve();
    const response = await fetch(api.url + pathOf(), { headers: { accept: 'text/html;q=0.9, image/*' } });
    expect([response.status, await problemOf(response)]).toEqual([
      406,
      expect.objectContaining({ type: 'urn:telemetry-hub:problem:not-acceptable' }),
    ]);
  });

  test('at which the store fails is a 503 problem without the cause, which is logged', async () => {
    const hub = new FakeHub(unitView());
    hub.kept = { query: () => failing(0) };
    await using api = await serve({ hub });
    const response = await fetch(api.url + pathOf());
    expect([response.status, await problemOf(response)]).toEqual([
      503,
      expect.objectContaining({
        type: 'urn:telemetry-hub:problem:store-unavailable',
        detail: expect.not.stringContaining('secret'),
      }),
    ]);
    expect(api.logged).toEqual([
      { level: 'error', event: 'query-failed', fields: { client_id: id, reason: 'secret of the disk' } },
    ]);
  });

  test('at which the store fails in the midst is cut off, so that nobody takes it for the whole', async () => {
    const hub = new FakeHub(unitView());
    hub.kept = { query: () => failing(1000) };
    await using api = await serve({ hub });
    for (const format of ['json', 'ndjson', 'csv']) {
      const response = await fetch(api.url + pathOf(`?format=${format}`));
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('terminated');
    }
  });
});

describe('a reader', () => {
  test('that takes nothing delays no append, and is cut off after a minute', async () => {
    const clock = new ManualClock();
    const { store } = await opened();
    await store.append({ units: [], readings: readings(1, 200_000) });
    const hub = new FakeHub(unitView());
    hub.kept = store;
    await using api = await serve({ hub, clock });
    const idle = clock.waiting;
    const message = await unread(api.url + pathOf());
    await until(() => clock.waiting > idle, 'the stall');
    for (let batch = 0; batch < 50; batch += 1) {
      const from = 200_001 + batch * 100;
      expect(await store.append({ units: [], readings: readings(from, from + 99) })).toEqual({ duplicates: [] });
    }
    expect(await store.highestSeq(id, 'e')).toBe(205_000);

    const closed = new Promise((resolve) => message.once('close', resolve));
    clock.pass(59_999);
    expect(clock.waiting).toBeGreaterThan(idle);
    clock.pass(1);
    message.resume();
    await closed;
    expect(message.complete).toBe(false);
    expect(clock.waiting).toBe(idle);
  });

  test('that goes away ends its query', async () => {
    const asked = { readings: 0, ended: false };
    const hub = new FakeHub(unitView());
    hub.kept = { query: () => endless(asked) };
    await using api = await serve({ hub });
    const message = await unread(api.url + pathOf());
    expect(asked.ended).toBe(false);
    message.destroy();
    await until(() => asked.ended, 'the end of the query');
    expect(api.logged).toEqual([]);
  });

  test('that goes away before the first reading was found ends its query', async () => {
    const seen: AbortSignal[] = [];
    const hub = new FakeHub(unitView());
    hub.kept = {
      async *query(_, signal) {
        if (signal !== undefined) seen.push(signal);
        await until(() => signal?.aborted === true, 'the abort');
        yield* [];
      },
    };
    await using api = await serve({ hub });
    const request = get(api.url + pathOf(), { agent: false }).on('error', () => {});
    await until(() => seen.length === 1, 'the query');
    expect(seen[0]?.aborted).toBe(false);
    request.destroy();
    await until(() => seen[0]?.aborted === true, 'the abort');
    expect(api.logged).toEqual([]);
  });

  test('beyond those that are answered at a time is told to come back, and may when one has ended', async () => {
    const asked = { readings: 0, ended: false };
    const hub = await hubWith(...readings(1, 1));
    const { kept } = hub;
    hub.kept = { query: () => endless(asked) };
    await using api = await serve({ hub, limits: { queriesMax: 1 } });
    const message = await unread(api.url + pathOf());
    hub.kept = kept;
    const refused = await fetch(api.url + pathOf());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await problemOf(refused)).toMatchObject({ type: 'urn:telemetry-hub:problem:too-many-queries' });
    message.destroy();
    await until(() => asked.ended, 'the end of the query');
    expect((await fetch(api.url + pathOf())).status).toBe(200);
  });

  test('is held to a chunk at a time: the store is read no further than is taken', async () => {
    const asked = { readings: 0, ended: false };
    const hub = new FakeHub(unitView());
    hub.kept = { query: () => endless(asked) };
    const clock = new ManualClock();
    await using api = await serve({ hub, clock });
    const idle = clock.waiting;
    const message = await unread(api.url + pathOf());
    await until(() => clock.waiting > idle, 'the stall');
    const before = asked.readings;
    await fetch(`${api.url}/livez`);
    expect(asked.readings).toBe(before);
    message.destroy();
    await until(() => asked.ended, 'the end of the query');
  });

  test('does not hold up the end of the server', async () => {
    const hub = new FakeHub(unitView());
    hub.kept = { query: () => endless({ readings: 0, ended: false }) };
    const api = await serve({ hub, limits: { closeMsMax: 1 } });
    const message = await unread(api.url + pathOf());
    await expect(api.close()).resolves.toBeUndefined();
    message.destroy();
  });
});

async function* failing(after: number): AsyncGenerator<UnitReading> {
  for (const one of readings(1, after)) yield one;
  throw new Error('secret of the disk');
}

async function* endless(asked: { readings: number; ended: boolean }): AsyncGenerator<UnitReading> {
  try {
    for (;;) {
      asked.readings += 1;
      yield unitReading(asked.readings);
    }
  } finally {
    asked.ended = true;
  }
}
