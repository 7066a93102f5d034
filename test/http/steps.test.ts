import { assert, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitReading, Values } from '../../src/core/reading.ts';
import { stepForms } from '../../src/http/step-forms.ts';
import { parseStep } from '../../src/http/step-length.ts';
import type { SeriesStep } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { FakeHub, serve, startMs, unitReading, unitView } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const pathOf = (query: string): string => `/api/v1/units/${id}/readings${query}`;

/** A reading of the unit, so many seconds after the start. */
function taken(seq: number, seconds: number, values: Values, members: object = {}): UnitReading {
  const time = startMs + seconds * 1000;
  return unitReading(seq, { reading: { sensor: 'disk', id: '/', values, time, epoch: 'e', seq, ...members } });
}

/** A hub before a store with these readings. */
async function hubWith(...readings: readonly UnitReading[]): Promise<FakeHub> {
  const store = new MemoryStore();
  await store.append({ units: [], readings });
  const hub = new FakeHub(unitView());
  hub.kept = store;
  hub.joined = store;
  return hub;
}

const twoMinutes = [
  taken(1, 0, { used: 1, total: 8 }),
  taken(2, 30, { used: 4 }),
  taken(3, 61, { used: 6, total: 8 }),
  taken(4, 0, { celsius: -1.5 }, { sensor: 'cpu_temp', id: undefined }),
];

describe('the history of a unit in steps', () => {
  const unit = { unit: 'bench-03', client_id: id };
  const disk = { ...unit, sensor: 'disk', id: '/' };
  const lines = [
    { ...unit, sensor: 'cpu_temp', time: startMs, step: 60, celsius: { min: -1.5, avg: -1.5, max: -1.5, count: 1 } },
    {
      ...disk,
      time: startMs,
      step: 60,
      used: { min: 1, avg: 2.5, max: 4, count: 2 },
      total: { min: 8, avg: 8, max: 8, count: 1 },
    },
    {
      ...disk,
      time: startMs + 60_000,
      step: 60,
      used: { min: 6, avg: 6, max: 6, count: 1 },
      total: { min: 8, avg: 8, max: 8, count: 1 },
    },
  ];

  test('is an array with a line for each series and step, series after series', async () => {
    await using api = await serve({ hub: await hubWith(...twoMinutes) });
    for (const step of ['1m', '60', '60.0', '60s']) {
      const response = await fetch(api.url + pathOf(`?step=${step}`));
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(await response.json()).toEqual(lines);
    }
  });

  test('is a line each as ndjson, and a row for each value as CSV', async () => {
    await using api = await serve({ hub: await hubWith(...twoMinutes), limits: { queryChunkCharacters: 1 } });
    const ndjson = await (await fetch(api.url + pathOf('?step=1m&format=ndjson'))).text();
    expect(
      ndjson
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(lines);
    const response = await fetch(api.url + pathOf('?step=1m&sensor=disk'), { headers: { accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect((await response.text()).split('\r\n')).toEqual([
      'time,step,unit,client_id,sensor,id,name,min,avg,max,count',
      `2026-11-21T10:00:00.000Z,60,bench-03,${id},disk,/,used,1,2.5,4,2`,
      `2026-11-21T10:00:00.000Z,60,bench-03,${id},disk,/,total,8,8,8,1`,
      `2026-11-21T10:01:00.000Z,60,bench-03,${id},disk,/,used,6,6,6,1`,
      `2026-11-21T10:01:00.000Z,60,bench-03,${id},disk,/,total,8,8,8,1`,
      '',
    ]);
  });

  test('is that of a sensor, an id and a time, whose steps are whole', async () => {
    await using api = await serve({ hub: await hubWith(...twoMinutes) });
    const found = async (query: string): Promise<unknown> => {
      const steps: unknown = await (await fetch(api.url + pathOf(`?step=1m${query}`))).json();
      return Array.isArray(steps)
        ? steps.map(({ sensor, time, used }) => [sensor, time - startMs, used?.count])
        : steps;
    };
    const first = ['disk', 0, 2];
    const second = ['disk', 60_000, 1];
    expect(await found('&sensor=disk&id=/')).toEqual([first, second]);
    expect(await found('&sensor=disk&id=/var')).toEqual([]);
    expect(await found(`&sensor=disk&from=${startMs + 59_999}&to=${startMs + 60_000}`)).toEqual([first]);
    expect(await found(`&sensor=disk&from=${startMs + 59_999}&to=${startMs + 60_001}`)).toEqual([first, second]);
    expect(await found('&sensor=disk&from=1950-01-01T00:00:00Z&to=2050-01-01T00:00:00Z')).toEqual([first, second]);
    expect(await found('&sensor=cpu_temp')).toEqual([['cpu_temp', 0, undefined]]);
  });

  test('has a step that outlived its readings, whose sensor is then not unknown', async () => {
    const hub = await hubWith();
    const left: SeriesStep = { sensor: 'gpu', id: undefined, timeMs: 0, stepMs: 7_200_000, values: {} };
    hub.joined = {
      async *steps({ fromMs }) {
        if (fromMs <= 0) yield left;
      },
    };
    await using api = await serve({ hub });
    const answer = async (query: string): Promise<unknown> => {
      const response = await fetch(api.url + pathOf(query));
      return [response.status, await response.json()];
    };
    const line = { unit: 'bench-03', client_id: id, sensor: 'gpu', time: 0, step: 7200 };
    expect(await answer('?sensor=gpu&step=1m')).toEqual([200, [line]]);
    expect(await answer('?sensor=gpu&step=1m&from=100')).toEqual([200, []]);
    expect(await answer('?sensor=gpu')).toEqual([200, []]);
  });
});

describe('a history that cannot be given', () => {
  const noLength = 'step is no length of time; it is written for example 30s, 1m, 2h or 1d, or as a number of seconds';
  const tooShort = 'step is below the shortest step of 1 s; leave it out for the readings themselves';
  test.for([
    ['0.000000001', tooShort],
    ['0', tooShort],
    ['-60', tooShort],
    ['-1m', tooShort],
    ['0.999', tooShort],
    ['0.01m', tooShort],
    ['367d', 'step is above the longest step of 366 d; choose a shorter one'],
    ['366.0001d', 'step is above the longest step of 366 d'],
    ['999999999999999w', 'step is above the longest step of 366 d'],
    ['1.0005', 'step is not a whole number of milliseconds; choose one with fewer decimals'],
    ['1ns', noLength],
    ['1ms', noLength],
    ['NaN', noLength],
    ['Infinity', noLength],
    ['1e999', noLength],
    ['1e3', noLength],
    ['0x10', noLength],
    ['1m30s', noLength],
    ['1%20m', noLength],
    ['1M', noLength],
    ['m', noLength],
    ['.5', noLength],
    ['', noLength],
    ['9'.repeat(40), noLength],
    ['9'.repeat(65), 'step is longer than 64 characters'],
    ['60&step=1m', 'step is given more than once'],
  ] as const)('step=%s is a 400 problem that says what is wrong', async ([step, detail]) => {
    await using api = await serve({ hub: await hubWith(...twoMinutes) });
    const response = await fetch(api.url + pathOf(`?step=${step}`));
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await response.json()).toMatchObject({
      type: 'urn:telemetry-hub:problem:bad-request',
      detail: expect.stringContaining(detail),
      errors: [{ parameter: 'step' }],
    });
  });

  test.for([
    ['?step=1m&from=200&to=100', 400, 'bad-request'],
    ['?step=1m&from=NaN', 400, 'bad-request'],
    ['?step=1m&from=1e999', 400, 'bad-request'],
    ['?step=1m&sensor=gpu', 404, 'no-such-sensor'],
  ] as const)('%s is a %d problem %s', async ([query, status, name]) => {
    await using api = await serve({ hub: await hubWith(...twoMinutes) });
    const response = await fetch(api.url + pathOf(query));
    expect([response.status, Object(await response.json()).type]).toEqual([
      status,
      `urn:telemetry-hub:problem:${name}`,
    ]);
  });

  test('as the store fails is a 503 problem, and in its midst is cut off', async () => {
    const hub = await hubWith();
    const step: SeriesStep = { sensor: 'ram', id: undefined, timeMs: 0, stepMs: 1_000, values: {} };
    const failing = (after: number): AsyncIterable<SeriesStep> =>
      (async function* () {
        for (let index = 0; index < after; index += 1) yield step;
        throw new Error('the disk');
      })();
    await using api = await serve({ hub });
    hub.joined = { steps: () => failing(0) };
    expect((await fetch(api.url + pathOf('?step=1'))).status).toBe(503);
    hub.joined = { steps: () => failing(1000) };
    await expect((await fetch(api.url + pathOf('?step=1'))).text()).rejects.toThrow('terminated');
  });
});

describe('a value of a step', () => {
  const forms = stepForms(unitView());
  const written = (values: SeriesStep['values']): unknown =>
    JSON.parse(forms.json.write({ sensor: 's', id: undefined, timeMs: 0, stepMs: 1_500, values }));

  test('that is called step does not take the place of the length of the step', () => {
    const view = { min: 2, avg: 2, max: 2, count: 1 };
    expect(
      written({ step: { count: 1, min: 2, max: 2, sum: 2 }, constructor: { count: 1, min: 2, max: 2, sum: 2 } }),
    ).toEqual({
      unit: 'bench-03',
      client_id: id,
      sensor: 's',
      time: 0,
      step: 1.5,
      'value.step': view,
      constructor: view,
    });
  });

  test('has a mean within its bounds, though sums are rounded and may be beyond all numbers', () => {
    const huge = Number.MAX_VALUE;
    const third = { count: 3, min: 0.1, max: 0.1, sum: 0.1 + 0.1 + 0.1 };
    const beyond = { count: 2, min: huge, max: huge, sum: Number.POSITIVE_INFINITY };
    const torn = { count: 4, min: -huge, max: huge, sum: Number.NaN };
    expect(written({ third, beyond, torn })).toMatchObject({
      third: { avg: 0.1 },
      beyond: { avg: huge },
      torn: { avg: 0 },
    });
  });

  test('of a unit that chose its name to be a formula is none in CSV', () => {
    const csv = stepForms({ name: '=1+2', client_id: 'x' }).csv.write({
      sensor: 's',
      id: '@a',
      timeMs: 9e15,
      stepMs: 1_000,
      values: { x: { count: 1, min: -1, max: -1, sum: -1 } },
    });
    expect(csv).toBe("9000000000000000,1,'=1+2,x,s,'@a,x,-1,-1,-1,1\r\n");
  });
});

describe('the length of a step', () => {
  test.for([
    ['1', 1_000],
    ['1.001', 1_001],
    ['1.0010000', 1_001],
    ['0.025m', 1_500],
    ['0.0125h', 45_000],
    ['90s', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['366d', 31_622_400_000],
    ['007', 7_000],
  ] as const)('%s is %d ms', ([text, ms]) => {
    expect(parseStep(text)).toEqual({ ok: true, ms });
  });

  test('of whole milliseconds is taken as it is written', () => {
    assert(
      property(integer({ min: 1_000, max: 31_622_400_000 }), (ms) => {
        expect(parseStep(`${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`)).toEqual({ ok: true, ms });
      }),
    );
  });

  test('is within the limits, or there is a fault, whatever the text', () => {
    assert(
      property(string(), (text) => {
        const parsed = parseStep(text);
        if (parsed.ok) expect(parsed.ms).toBeGreaterThanOrEqual(1_000);
        else expect(parsed.fault).toMatch(/^is /);
      }),
    );
  });
});
