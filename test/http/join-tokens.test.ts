import { expect, describe, test } from 'vitest';
import { ManualClock, serve, until } from './fake-hub.ts';
import { FakeMachines, joinToken, joinTokenView } from './fake-machines.ts';

const place = { port: 34_568, fingerprint: 'ab'.repeat(32) };
const wish = { uses: 2, expires_seconds: 600 };

async function ask(url: string, method = 'GET', body?: unknown): Promise<{ status: number; body: unknown }> {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...init });
  return { status: response.status, body: await response.json() };
}

describe('a join token', () => {
  test('is made with its bounds, and shown once with where machines join', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, joinPlace: () => place, clock: new ManualClock() });
    const url = `${api.url}/api/v1/join-tokens`;
    const made = await ask(url, 'POST', wish);
    const view = joinTokenView({ uses_max: 2, expires: '2026-11-21T10:10:00.000Z' });
    expect(made).toEqual({ status: 201, body: { token: joinToken, place, ...view } });
    expect(tokens.asked).toEqual(['new 2 600000']);
    expect(await ask(url)).toEqual({ status: 200, body: [view] });
  });

  test('of a server without a TLS listener has no place', async () => {
    await using api = await serve({ tokens: new FakeMachines() });
    expect(await ask(`${api.url}/api/v1/join-tokens`, 'POST', wish)).toMatchObject({
      status: 201,
      body: { place: null },
    });
  });

  test.for([
    [{ uses: 0, expires_seconds: 1 }, 'uses is less than 1.'],
    [{ uses: 10_001, expires_seconds: 1 }, 'uses is more than 10000.'],
    [{ uses: 1.5, expires_seconds: 1 }, 'uses is not a integer.'],
    [{ uses: 1, expires_seconds: 0 }, 'expires_seconds is less than 1.'],
    [{ uses: 1, expires_seconds: 2_592_001 }, 'expires_seconds is more than 2592000.'],
    [{ uses: 1 }, 'expires_seconds is missing; GET /api/v1/openapi.json has an example of the body.'],
    [{ ...wish, token: 'mine' }, 'token is not known here; leave it out.'],
  ] as const)('of %j is a 400 problem that says where', async ([body, detail]) => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens });
    expect(await ask(`${api.url}/api/v1/join-tokens`, 'POST', body)).toMatchObject({ status: 400, body: { detail } });
    expect(tokens.asked).toEqual([]);
  });

  test.for([
    [{ uses: 1, expires_seconds: 1 }, 'new 1 1000'],
    [{ uses: 10_000, expires_seconds: 2_592_000 }, 'new 10000 2592000000'],
  ] as const)('of %j is made', async ([body, asked]) => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, clock: new ManualClock() });
    expect((await ask(`${api.url}/api/v1/join-tokens`, 'POST', body)).status).toBe(201);
    expect(tokens.asked).toEqual([asked]);
  });

  test.for([
    ['too-many', 409, 'too-many-tokens', 'there are 1000'],
    ['store-unavailable', 503, 'store-unavailable', 'The token could not be stored, so there is none'],
  ] as const)('that is refused for %s is a %d problem', async ([type, status, problem, detail]) => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens });
    tokens.newOutcome = async () => (type === 'too-many' ? { type, reason: 'there are 1000' } : { type });
    expect(await ask(`${api.url}/api/v1/join-tokens`, 'POST', wish)).toMatchObject({
      status,
      body: { type: `urn:telemetry-hub:problem:${problem}`, detail: expect.stringContaining(detail) },
    });
  });

  test('that is never stored is a 503 problem after a bound', async () => {
    const clock = new ManualClock();
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, clock });
    tokens.newOutcome = () => new Promise(() => {});
    const answered = ask(`${api.url}/api/v1/join-tokens`, 'POST', wish);
    await until(() => tokens.asked.length === 1, 'the wish');
    clock.pass(10_000);
    expect(await answered).toMatchObject({ status: 503, body: { type: 'urn:telemetry-hub:problem:answer-timeout' } });
  });

  test('is revoked by its id; one that there is not is a 404 problem', async () => {
    const tokens = new FakeMachines();
    tokens.made.push(joinTokenView());
    await using api = await serve({ tokens });
    const url = `${api.url}/api/v1/join-tokens`;
    expect(await ask(`${url}/kX3_9aQz`, 'DELETE')).toEqual({ status: 200, body: joinTokenView({ state: 'revoked' }) });
    expect(await ask(`${url}/other`, 'DELETE')).toMatchObject({
      status: 404,
      body: { type: 'urn:telemetry-hub:problem:no-such-token' },
    });
  });

  test('is nothing that operators make or revoke, who may look at the list', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, login: 'always' });
    const by = { who: 'local:test', from: 'console' };
    const { token } = api.access.addApiToken({ name: 'o', scope: 'operate', expiresMs: undefined }, by);
    const authorization = `Bearer ${token}`;
    const url = `${api.url}/api/v1/join-tokens`;
    const statusOf = async (path: string, init: RequestInit): Promise<number> => (await fetch(path, init)).status;
    expect(await statusOf(url, {})).toBe(401);
    expect(await statusOf(url, { headers: { authorization } })).toBe(200);
    expect(await statusOf(`${url}/kX3_9aQz`, { method: 'DELETE', headers: { authorization } })).toBe(403);
    const headers = { authorization, 'content-type': 'application/json' };
    expect(await statusOf(url, { method: 'POST', headers, body: JSON.stringify(wish) })).toBe(403);
    expect(tokens.asked).toEqual([]);
  });

  test('is in the audit log without the token', async () => {
    await using api = await serve({ tokens: new FakeMachines() });
    const url = `${api.url}/api/v1/join-tokens`;
    await ask(url, 'POST', wish);
    await ask(`${url}/kX3_9aQz`, 'DELETE');
    const lines = api.access.audit(9);
    expect(lines).toMatchObject([
      { action: 'join-token-made', details: wish },
      { action: 'join-token-revoked', target: 'kX3_9aQz' },
    ]);
    expect(JSON.stringify(lines)).not.toContain(joinToken);
  });
});
