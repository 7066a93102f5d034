import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { ManualClock, serve, until } from './fake-hub.ts';
import { FakeMachines, machineView } from './fake-machines.ts';

const id = machineView().client_id;
const json = { 'content-type': 'application/json' };

async function ask(url: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}

/** Every change of a machine, as a request. */
const changes = [
  ['approve', { method: 'POST' }],
  ['revoke', { method: 'POST' }],
  ['forget', { method: 'POST' }],
  ['name', { method: 'PUT', headers: json, body: '{"name":"bench-04"}' }],
] as const;

describe('the machines', () => {
  test('are listed member for member as the server gives them', async () => {
    const machines = new FakeMachines(machineView(), machineView({ client_id: 'b', token: 'kX3_9aQz' }));
    await using api = await serve({ machines });
    expect(await ask(`${api.url}/api/v1/machines`)).toEqual({ status: 200, body: machines.machines() });
  });

  test('conform to the schema that openapi.json publishes', async () => {
    await using api = await serve({ machines: new FakeMachines(machineView()) });
    const description = Object((await ask(`${api.url}/api/v1/openapi.json`)).body);
    const { schema } = description.paths['/api/v1/machines'].get.responses['200'].content['application/json'];
    const checker = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });
    checker.post('/', { schema: { body: schema } }, async () => 'ok');
    const payload = JSON.stringify((await ask(`${api.url}/api/v1/machines`)).body);
    const checked = (text: string) => checker.inject({ method: 'POST', url: '/', headers: json, payload: text });
    expect((await checked(payload)).body).toBe('ok');
    expect((await checked(payload.replace('"pending"', '"waiting"'))).statusCode).toBe(400);
  });

  test('have no routes where the server has none', async () => {
    await using api = await serve();
    expect((await ask(`${api.url}/api/v1/machines`)).status).toBe(404);
  });
});

describe('a change of a machine', () => {
  test.for([
    ['approve', 'approve', { state: 'approved' }],
    ['revoke', 'revoke', { state: 'revoked' }],
    ['forget', 'forget', { state: 'forgotten' }],
    ['name', 'rename bench-04', { name: 'bench-04' }],
  ] as const)('%s is answered with the machine as it is now', async ([path, asked, now]) => {
    const machines = new FakeMachines(machineView());
    await using api = await serve({ machines });
    const [, init] = changes.find(([name]) => name === path) ?? [];
    const answer = await ask(`${api.url}/api/v1/machines/${id}/${path}`, init);
    expect(answer).toEqual({ status: 200, body: machineView(now) });
    expect(machines.asked).toEqual([`${asked} ${id}`]);
  });

  test.for(changes)('%s of one that does not exist is a 404 problem', async ([path, init]) => {
    await using api = await serve({ machines: new FakeMachines() });
    const { status, body } = await ask(`${api.url}/api/v1/machines/nobody/${path}`, init);
    expect([status, body]).toEqual([
      404,
      expect.objectContaining({
        type: 'urn:telemetry-hub:problem:no-such-machine',
        detail: 'No machine with a key has the client_id nobody; GET /api/v1/machines lists them.',
      }),
    ]);
  });

  test('that cannot be is a 422 problem with the reason, one that is not stored a 503', async () => {
    const machines = new FakeMachines(machineView());
    await using api = await serve({ machines });
    const url = `${api.url}/api/v1/machines/${id}/approve`;
    machines.outcome = async () => ({ type: 'machine-cannot', reason: 'bench-03 is taken' });
    expect(await ask(url, { method: 'POST' })).toMatchObject({
      status: 422,
      body: { type: 'urn:telemetry-hub:problem:machine-cannot', detail: 'bench-03 is taken' },
    });
    machines.outcome = async () => ({ type: 'store-unavailable' });
    expect(await ask(url, { method: 'POST' })).toMatchObject({
      status: 503,
      body: { type: 'urn:telemetry-hub:problem:store-unavailable' },
    });
  });

  test('that is never answered by the store is a 503 problem after a bound', async () => {
    const clock = new ManualClock();
    const machines = new FakeMachines(machineView());
    await using api = await serve({ machines, clock });
    machines.outcome = () => new Promise(() => {});
    const answered = ask(`${api.url}/api/v1/machines/${id}/revoke`, { method: 'POST' });
    await until(() => machines.asked.length === 1, 'the change');
    clock.pass(10_000);
    expect(await answered).toMatchObject({
      status: 503,
      body: { type: 'urn:telemetry-hub:problem:answer-timeout' },
    });
  });

  test.for([
    ['nothing', {}, 'name is missing; GET /api/v1/openapi.json has an example of the body.'],
    ['an empty one', { name: '' }, 'name is empty.'],
    ['a long one', { name: 'x'.repeat(49) }, 'name is longer than 48 characters.'],
    ['a number', { name: 3 }, 'name is not a string.'],
    ['more', { name: 'x', key: 'y' }, 'key is not known here; leave it out.'],
  ] as const)('into a name that is %s is a 400 problem that says where', async ([, body, detail]) => {
    const machines = new FakeMachines(machineView());
    await using api = await serve({ machines });
    const init = { method: 'PUT', headers: json, body: JSON.stringify(body) };
    expect(await ask(`${api.url}/api/v1/machines/${id}/name`, init)).toMatchObject({ status: 400, body: { detail } });
    expect(machines.asked).toEqual([]);
  });

  test.for(changes)('%s needs the scope admin, and the list needs read', async ([path, init]) => {
    const machines = new FakeMachines(machineView());
    await using api = await serve({ machines, login: 'always' });
    const url = `${api.url}/api/v1/machines`;
    const [read, operate] = (['read', 'operate'] as const).map((scope) => {
      const wish = { name: scope, scope, expiresMs: undefined };
      const { token } = api.access.addApiToken(wish, { who: 'local:test', from: 'console' });
      return { authorization: `Bearer ${token}` };
    });
    expect((await ask(url)).status).toBe(401);
    expect((await ask(url, read && { headers: read })).status).toBe(200);
    const refused = await ask(`${url}/${id}/${path}`, { ...init, headers: { ...json, ...operate } });
    expect(refused.status).toBe(403);
    expect(machines.asked).toEqual([]);
  });

  test('is in the audit log, with who asked for it, and once more where it is refused', async () => {
    await using api = await serve({ machines: new FakeMachines(machineView()) });
    for (const [path, init] of changes) await ask(`${api.url}/api/v1/machines/${id}/${path}`, init);
    await ask(`${api.url}/api/v1/machines/nobody/approve`, { method: 'POST' });
    expect(api.access.audit(9)).toMatchObject([
      { who: 'local', action: 'machine-approved', target: id },
      { action: 'machine-revoked', target: id },
      { action: 'machine-forgotten', target: id },
      { action: 'machine-renamed', target: id, details: { name: 'bench-04' } },
      { action: 'machine-approved', target: 'nobody' },
      { action: 'refused', target: 'nobody', details: { line: 5, problem: 'no-such-machine' } },
    ]);
  });
});
