import { describe, expect, test } from 'vitest';
import { call, logIn } from './call.ts';
import { ManualClock, serve, startMs } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

const interval = '/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA/interval';
const who = '/api/v1/session';

describe('who comes from this machine to a server on loopback', () => {
  test('is local, and may do everything', async () => {
    await using api = await serve();
    const { body } = await call(api.url + who);
    expect(body).toEqual({ name: 'local', scope: 'admin', how: 'local' });
    expect((await call(api.url + interval, { method: 'PUT', body: { seconds: 5 } })).status).toBe(202);
  });

  test('is nobody where a login is always asked for', async () => {
    await using api = await serve({ login: 'always' });
    const { status, problem, headers } = await call(`${api.url}/api/v1/units`);
    expect([status, problem, headers['www-authenticate']]).toEqual([401, 'unauthenticated', 'Bearer']);
    expect((await call(`${api.url}/livez`)).status).toBe(200);
  });

  test.for(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])(
    'is nobody where a proxy says with %s that it passes on somebody',
    async (header) => {
      await using api = await serve();
      expect((await call(`${api.url}/api/v1/units`, { headers: { [header]: '192.0.2.7' } })).status).toBe(401);
    },
  );

  test.for(['Bearer thub_wrong', 'Bearer ', 'Basic YWRhOmE=', 'thub_wrong'])(
    'is refused with Authorization: %s, and the log says so',
    async (authorization) => {
      await using api = await serve();
      const { status, problem, headers } = await call(`${api.url}/api/v1/units`, { headers: { authorization } });
      expect([status, problem]).toEqual([401, 'unauthenticated']);
      expect(headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      expect(api.logged).toMatchObject([
        { level: 'warn', event: 'request-refused', fields: { problem: 'unauthenticated', path: '/api/v1/units' } },
      ]);
    },
  );

  test('is the account whose session it sends', async () => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'read' }, byTest);
    await using api = await serve({ access });
    const cookie = await logIn(api.url, 'ada', password);
    expect((await call(api.url + who, { headers: { cookie } })).body).toEqual({
      name: 'ada',
      scope: 'read',
      how: 'session',
    });
  });

  test('is local again when the session has ended', async () => {
    await using api = await serve();
    const { body } = await call(api.url + who, { headers: { cookie: 'telemetry-session=x' } });
    expect(body).toMatchObject({ how: 'local' });
  });
});

describe('a server that listens elsewhere', () => {
  test('serves nobody without a token or a session, not even from this machine', async () => {
    await using api = await serve({ host: '0.0.0.0' });
    expect((await call(`${api.url}/api/v1/units`)).problem).toBe('unauthenticated');
  });

  test('tells everybody whether it is well, and only who may read what ails it', async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'probe', scope: 'read', expiresMs: undefined }, byTest);
    await using api = await serve({ host: '0.0.0.0', access });
    api.hub.problems = ['The store is full.'];
    const stranger = await call(`${api.url}/readyz`);
    expect(stranger.status).toBe(503);
    expect(JSON.stringify(stranger.body)).not.toContain('full');
    const known = await call(`${api.url}/readyz`, { headers: { authorization: `Bearer ${token}` } });
    expect(known.body).toMatchObject({ problems: ['The store is full.'] });
    api.hub.problems = [];
    api.hub.notes = ['store.budget is full'];
    expect((await call(`${api.url}/readyz`)).body).toEqual({ ready: true });
  });
});

describe('an API token', () => {
  test('is who it is made for, with its scope', async () => {
    using access = temporaryAccess();
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'operate', expiresMs: undefined }, byTest);
    await using api = await serve({ host: '0.0.0.0', access });
    const { body } = await call(api.url + who, { headers: { authorization: `bearer ${token}` } });
    expect(body).toEqual({ name: `token:${view.id}`, scope: 'operate', how: 'token' });
  });

  test('that has expired is refused, and the log says so', async () => {
    using access = temporaryAccess();
    const clock = new ManualClock();
    const { token } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: startMs + 1_000 }, byTest);
    await using api = await serve({ access, clock });
    const headers = { authorization: `Bearer ${token}` };
    clock.pass(999);
    expect((await call(`${api.url}/api/v1/units`, { headers })).status).toBe(200);
    clock.pass(1);
    expect((await call(`${api.url}/api/v1/units`, { headers })).problem).toBe('unauthenticated');
    expect(api.logged).toMatchObject([{ event: 'request-refused', fields: { reason: 'wrong or expired token' } }]);
  });

  test('that is removed is refused at once, and its event stream ends with the next heartbeat', async () => {
    using access = temporaryAccess();
    const clock = new ManualClock();
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, byTest);
    await using api = await serve({ access, clock });
    const headers = { authorization: `Bearer ${token}` };
    const stream = await fetch(`${api.url}/api/v1/events`, { headers });
    access.removeApiToken(view.id, byTest);
    expect((await call(`${api.url}/api/v1/units`, { headers })).status).toBe(401);
    clock.pass(15_000);
    expect(await stream.text()).toBe('retry: 3000\n\n');
  });
});

test('accounts that cannot be read let nobody in, and local still looks', async () => {
  using access = temporaryAccess();
  access.byApiToken = () => {
    throw new Error('disk');
  };
  await using api = await serve({ access });
  expect((await call(`${api.url}/api/v1/units`, { headers: { authorization: 'Bearer x' } })).problem).toBe(
    'access-unavailable',
  );
  expect(api.logged).toMatchObject([{ level: 'error', event: 'access-failed', fields: { reason: 'disk' } }]);
  expect((await call(`${api.url}/api/v1/units`)).status).toBe(200);
});
