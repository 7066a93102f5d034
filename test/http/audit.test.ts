import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkHttpExposure } from '../../src/http/http-exposure.ts';
import { call, logIn } from './call.ts';
import { fakeKeyOptions } from './fake-keys.ts';
import { serve } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const interval = `/api/v1/units/${id}/interval`;

describe('a change', () => {
  test('has a line in the audit log before it is made: who, from where, what, and to what', async () => {
    await using api = await serve();
    let linesThen = 0;
    api.hub.outcome = async () => {
      linesThen = api.access.audit(10).length;
      return { type: 'unit-cannot', reason: 'asleep' };
    };
    await call(api.url + interval, { method: 'PUT', body: { seconds: 5 } });
    expect(linesThen).toBe(1);
    expect(api.access.audit(10)[0]).toMatchObject({
      number: 1,
      who: 'local',
      from: '127.0.0.1',
      action: 'interval-set',
      target: id,
      details: { seconds: 5 },
    });
  });

  test('that is refused has a second line that says which, and why', async () => {
    await using api = await serve();
    await call(`${api.url}/api/v1/units/nobody/interval`, { method: 'PUT', body: { seconds: 5 } });
    expect(api.access.audit(10)).toMatchObject([
      { number: 1, action: 'interval-set', target: 'nobody' },
      { number: 2, action: 'refused', target: 'nobody', details: { line: 1, status: 404, problem: 'no-such-unit' } },
    ]);
    await call(api.url + interval, { method: 'PUT', body: { seconds: 5 } });
    expect(api.access.audit(10)).toHaveLength(3);
    expect(api.access.verifyAudit()).toMatchObject({ lines: 3, faults: [] });
  });

  test('by a session or a token is by its account or its id', async () => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'operate' }, byTest);
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'operate', expiresMs: undefined }, byTest);
    await using api = await serve({ access });
    const cookie = await logIn(api.url, 'ada', password);
    for (const headers of [{ cookie, origin: api.url }, { authorization: `Bearer ${token}` }]) {
      expect((await call(api.url + interval, { method: 'PUT', body: { seconds: 5 }, headers })).status).toBe(202);
    }
    expect(access.audit(2).map(({ who }) => who)).toEqual(['ada', `token:${view.id}`]);
  });

  test('that cannot be recorded is not made, and the log says so', async () => {
    using access = temporaryAccess();
    access.record = () => {
      throw new Error('disk full');
    };
    await using api = await serve({ access });
    const { status, problem } = await call(api.url + interval, { method: 'PUT', body: { seconds: 5 } });
    expect([status, problem]).toEqual([503, 'access-unavailable']);
    expect(api.hub.asked).toEqual([]);
    expect(api.logged).toMatchObject([{ level: 'error', event: 'access-failed', fields: { reason: 'disk full' } }]);
  });

  test('that is no change at all, by its body or its scope, has no line', async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, byTest);
    await using api = await serve({ access });
    await call(api.url + interval, { method: 'PUT', body: { seconds: 'x' } });
    await call(api.url + interval, {
      method: 'PUT',
      body: { seconds: 5 },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(access.audit(10)).toHaveLength(1);
  });

  test('of a machine or a join token is recorded like any other', async () => {
    await using api = await serve(fakeKeyOptions());
    await call(`${api.url}/api/v1/machines/${id}/approve`, { method: 'POST' });
    await call(`${api.url}/api/v1/machines/${id}/name`, { method: 'PUT', body: { name: 'bench-4' } });
    expect(api.access.audit(10)).toMatchObject([
      { action: 'machine-approved', target: id },
      { action: 'refused', details: { line: 1, problem: 'no-such-machine' } },
      { action: 'machine-renamed', target: id, details: { name: 'bench-4' } },
      { action: 'refused', details: { line: 3 } },
    ]);
  });
});

test('a server on loopback that nobody changes makes no file', async () => {
  using access = temporaryAccess();
  await using api = await serve({ access });
  await call(`${api.url}/api/v1/units`);
  await call(`${api.url}/api/v1/units`, { headers: { authorization: 'Bearer thub_x' } });
  await call(`${api.url}/api/v1/session`, { method: 'POST', body: { name: 'ada', password } });
  expect(readdirSync(access.folder)).toEqual([]);
  await call(api.url + interval, { method: 'PUT', body: { seconds: 5 } });
  expect(readdirSync(access.folder)).toContain('access.db');
});

describe('the address of the API', () => {
  const elsewhere = { address: { host: '0.0.0.0', port: 8080 }, overTls: true, insecure: false, accounts: () => 1 };

  test.for(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s needs neither TLS nor accounts', (host) => {
    const here = { address: { host, port: 8080 }, overTls: false, insecure: false, accounts: () => 0 };
    expect(() => checkHttpExposure(here)).not.toThrow();
  });

  test('elsewhere is refused without TLS, and the words say both ways out', () => {
    const check = (): void => checkHttpExposure({ ...elsewhere, overTls: false });
    expect(check).toThrow(expect.objectContaining({ code: 'http-unprotected', exitCode: 2 }));
    expect(check).toThrow(/--http 0\.0\.0\.0:8080: .*tls\.certificate and tls\.key.*http\.insecure: true/);
    expect(() => checkHttpExposure({ ...elsewhere, overTls: false, insecure: true })).not.toThrow();
    expect(() => checkHttpExposure(elsewhere)).not.toThrow();
  });

  test('elsewhere is refused without an account, and the words give the command', () => {
    const check = (): void => checkHttpExposure({ ...elsewhere, address: { host: '::', port: 1 }, accounts: () => 0 });
    expect(check).toThrow(expect.objectContaining({ code: 'http-no-account', exitCode: 2 }));
    expect(check).toThrow(/--http \[::\]:1: .*telemetryctl user add NAME/);
  });
});

test('what a slow reader of events may have waiting is set by the server', async () => {
  await using api = await serve({ slowReaderBytesMax: 1 });
  const stream = await fetch(`${api.url}/api/v1/events`);
  const reader = stream.body?.getReader();
  await reader?.read();
  // With one byte nothing that finds another line waiting is kept: two lines in one turn of the loop are one too many.
  for (let index = 0; index < 50; index += 1) api.hub.say('lost', { unit: 'bench-03', text: 'x'.repeat(200_000) });
  await expect(
    (async () => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    })(),
  ).rejects.toThrow('terminated');
});
