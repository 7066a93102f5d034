import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { FakeHub, ManualClock, serve, unitView, until } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const json = { 'content-type': 'application/json' };

async function put(url: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'PUT', headers: json, body: text });
  return { status: response.status, body: await read(response) };
}

async function read(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null) throw new Error('not an object');
  return Object.fromEntries(Object.entries(body));
}

describe('the units', () => {
  test('are listed member for member as the fleet gives them', async () => {
    await using api = await serve({
      hub: new FakeHub(unitView(), unitView({ client_id: 'b', name: 'alpha', latest: {} })),
    });
    const response = await fetch(`${api.url}/api/v1/units`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual(api.hub.units());
  });

  test('are found by client_id', async () => {
    await using api = await serve();
    const response = await fetch(`${api.url}/api/v1/units/${id}`);
    expect(await response.json()).toEqual(unitView());
  });

  test('that do not exist are a 404 problem', async () => {
    await using api = await serve();
    for (const method of ['GET', 'PUT']) {
      const path = method === 'PUT' ? 'units/nobody/interval' : 'units/nobody';
      const options = method === 'PUT' ? { method, headers: json, body: '{"seconds":5}' } : { method };
      const response = await fetch(`${api.url}/api/v1/${path}`, options);
      expect(response.status).toBe(404);
      expect(await read(response)).toMatchObject({ type: 'urn:telemetry-hub:problem:no-such-unit', status: 404 });
    }
  });

  test('conform to the schema that openapi.json publishes', async () => {
    await using api = await serve();
    const description = await read(await fetch(`${api.url}/api/v1/openapi.json`));
    const schema = Reflect.get(Object(description), 'paths')['/api/v1/units'].get.responses['200'].content[
      'application/json'
    ].schema;
    const checker = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });
    checker.post('/', { schema: { body: schema } }, async () => 'ok');
    const payload = await (await fetch(`${api.url}/api/v1/units`)).text();
    const checked = await checker.inject({ method: 'POST', url: '/', headers: json, payload });
    expect(checked.body).toBe('ok');
    const broken = await checker.inject({
      method: 'POST',
      url: '/',
      headers: json,
      payload: payload.replace('"online"', '"away"'),
    });
    expect(broken.statusCode).toBe(400);
  });
});

describe('a wish for an interval', () => {
  test('is answered with 202 and the unit at once', async () => {
    await using api = await serve();
    const { status, body } = await put(`${api.url}/api/v1/units/${id}/interval`, { seconds: 0.5 });
    expect(status).toBe(202);
    expect(body).toMatchObject({ client_id: id, interval: { confirmed: 10, wanted: 0.5, rev: 2, state: 'sending' } });
    expect(api.hub.asked).toEqual([{ clientId: id, seconds: 0.5 }]);
  });

  test.for([
    ['too short', { seconds: 0.05 }, 'seconds is below the shortest interval of 0.1 s.', '#/seconds'],
    ['too long', { seconds: 86_401 }, 'seconds is above the longest interval of 86400 s.', '#/seconds'],
    ['too fine', { seconds: 0.5004 }, 'seconds is not a multiple of 0.001 s.', '#/seconds'],
    ['text', { seconds: '5' }, 'seconds is not a number.', '#/seconds'],
    ['nothing', {}, 'seconds is missing; the body is for example {"seconds":5}.', '#/seconds'],
    ['more than is known', { seconds: 5, unit: 'x' }, 'unit is not known here; leave it out.', '#/unit'],
    ['a list', [5], 'body is not a JSON object.', '#'],
  ] as const)('that is %s is a 400 problem that says where', async ([, sent, detail, pointer]) => {
    await using api = await serve();
    const { status, body } = await put(`${api.url}/api/v1/units/${id}/interval`, sent);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'urn:telemetry-hub:problem:bad-request', detail, errors: [{ pointer }] });
    expect(api.hub.asked).toEqual([]);
  });

  test.for([0.1, 0.3, 0.7, 1.001, 33.333, 86_399.999, 86_400])('of %d s is a multiple of 0.001 s', async (seconds) => {
    await using api = await serve();
    expect((await put(`${api.url}/api/v1/units/${id}/interval`, { seconds })).status).toBe(202);
  });

  test('that the unit cannot fulfil is a 422 problem with the reason', async () => {
    await using api = await serve({ hub: new FakeHub(unitView({ v: 1 })) });
    const { status, body } = await put(`${api.url}/api/v1/units/${id}/interval`, { seconds: 0.5 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:telemetry-hub:problem:unit-cannot',
      detail: 'bench-03 speaks v1, which knows whole seconds only',
    });
  });

  test('that cannot be stored is a 503 problem', async () => {
    await using api = await serve();
    api.hub.outcome = async () => ({ type: 'store-unavailable' });
    const { status, body } = await put(`${api.url}/api/v1/units/${id}/interval`, { seconds: 5 });
    expect(status).toBe(503);
    expect(body['type']).toBe('urn:telemetry-hub:problem:store-unavailable');
  });

  test('that is never answered by the store is a 503 problem after a bound', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    api.hub.outcome = () => new Promise(() => {});
    const answered = put(`${api.url}/api/v1/units/${id}/interval`, { seconds: 5 });
    await until(() => api.hub.asked.length === 1, 'the wish at the fleet');
    clock.pass(10_000);
    const { status, body } = await answered;
    expect(status).toBe(503);
    expect(body['type']).toBe('urn:telemetry-hub:problem:answer-timeout');
  });

  test('at which the fleet breaks is a 500 problem without the cause, which is logged', async () => {
    await using api = await serve();
    api.hub.outcome = () => Promise.reject(new Error('secret of the store'));
    const { status, body } = await put(`${api.url}/api/v1/units/${id}/interval`, { seconds: 5 });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(api.logged).toMatchObject([
      { level: 'error', event: 'http-failed', fields: { reason: 'secret of the store' } },
    ]);
  });
});
