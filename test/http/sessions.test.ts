import { describe, expect, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { Sessions, idleMsMax, sessionMsMax, sessionsMax } from '../../src/http/sessions.ts';
import { call, cookieOf, logIn } from './call.ts';
import { ManualClock, serve, startMs } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

const session = '/api/v1/session';
const holder = { name: 'ada', scope: 'read', generation: 1 } as const;

async function withAda(scope: 'read' | 'operate' | 'admin' = 'admin'): Promise<ReturnType<typeof temporaryAccess>> {
  const access = temporaryAccess();
  await access.addAccount({ name: 'ada', password, scope }, byTest);
  return access;
}

describe('a session', () => {
  test('is a cookie that scripts cannot read and other sites cannot send, and the log says who logged in', async () => {
    using access = await withAda();
    await using api = await serve({ access, login: 'always' });
    const { status, headers } = await call(api.url + session, { method: 'POST', body: { name: 'ADA', password } });
    expect(status).toBe(204);
    expect(headers['set-cookie']).toHaveLength(1);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^telemetry-session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(api.logged).toMatchObject([{ level: 'info', event: 'login', fields: { account: 'ada' } }]);
  });

  test('over TLS is a cookie that only this host over TLS can have set', async () => {
    using access = await withAda();
    const tls = await makeCertificate('hub', startMs);
    await using api = await serve({ access, tls, login: 'always' });
    const { headers } = await call(api.url + session, {
      method: 'POST',
      body: { name: 'ada', password },
      ca: tls.certificate,
    });
    expect(headers['set-cookie']?.[0]).toMatch(
      /^__Host-telemetry-session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(headers);
    expect((await call(api.url + session, { headers: { cookie }, ca: tls.certificate })).status).toBe(200);
    const planted = cookie.replace('__Host-', '');
    expect((await call(api.url + session, { headers: { cookie: planted }, ca: tls.certificate })).status).toBe(401);
  });

  test('behind a proxy that speaks TLS has the cookie of TLS', async () => {
    using access = await withAda();
    await using api = await serve({ access, insecure: true, host: '0.0.0.0' });
    const headers = { origin: `https://127.0.0.1:${api.port}` };
    expect(await logIn(api.url, 'ada', password, { headers })).toMatch(/^__Host-/);
  });

  test('fixation: is a new one at each login, and what the browser had before counts no more', async () => {
    using access = await withAda();
    await using api = await serve({ access, login: 'always' });
    const first = await logIn(api.url, 'ada', password);
    const second = await logIn(api.url, 'ada', password, { headers: { cookie: first } });
    expect(second).not.toBe(first);
    expect((await call(api.url + session, { headers: { cookie: first } })).problem).toBe('unauthenticated');
    expect((await call(api.url + session, { headers: { cookie: second } })).status).toBe(200);
    const planted = 'telemetry-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect(await logIn(api.url, 'ada', password, { headers: { cookie: planted } })).not.toBe(planted);
    expect((await call(api.url + session, { headers: { cookie: planted } })).status).toBe(401);
    expect(api.logged.map(({ event }) => event)).toEqual([
      'login',
      'login',
      'request-refused',
      'login',
      'request-refused',
    ]);
  });

  test('ends when its user logs out, and the cookie is taken away', async () => {
    using access = await withAda();
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const headers = { cookie, origin: api.url };
    const out = await call(api.url + session, { method: 'DELETE', headers });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']?.[0]).toMatch(/^telemetry-session=; Max-Age=0; /);
    expect((await call(api.url + session, { headers })).status).toBe(401);
    expect(api.logged).toMatchObject([
      { event: 'login' },
      { event: 'logout', fields: { account: 'ada' } },
      { event: 'request-refused', fields: { reason: 'a session that has ended, or never was' } },
    ]);
  });

  test.for([
    ['the password changes', (access) => access.setPassword('ada', `${password}!`, byTest)],
    ['the password is set to what it is', (access) => access.setPassword('ada', password, byTest)],
    ['the scope changes', async (access) => access.setScope('ada', 'operate', byTest)],
    ['the account is removed', async (access) => access.removeAccount('ada', byTest)],
    [
      'the account is made anew',
      async (access) => {
        access.removeAccount('ada', byTest);
        await access.addAccount({ name: 'ada', password, scope: 'admin' }, byTest);
      },
    ],
  ] as const satisfies [string, (access: ReturnType<typeof temporaryAccess>) => Promise<void>][])(
    'ends when %s',
    async ([, change]) => {
      using access = await withAda();
      await using api = await serve({ access, login: 'always' });
      const cookie = await logIn(api.url, 'ada', password);
      await change(access);
      expect((await call(api.url + session, { headers: { cookie } })).problem).toBe('unauthenticated');
    },
  );

  test('ends after 12 h in which nothing came', async () => {
    using access = await withAda();
    const clock = new ManualClock();
    await using api = await serve({ access, clock, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    clock.pass(12 * 3_600_000 - 1);
    expect((await call(api.url + session, { headers: { cookie } })).status).toBe(200);
    clock.pass(12 * 3_600_000);
    expect((await call(api.url + session, { headers: { cookie } })).status).toBe(401);
  });
});

describe('the sessions of a server', () => {
  test('end after 7 days however busy they are', () => {
    const sessions = new Sessions();
    const token = sessions.begin(holder, 0);
    for (let nowMs = 0; nowMs < sessionMsMax; nowMs += idleMsMax / 2) {
      expect(sessions.find(token, nowMs)).toMatchObject({ account: 'ada', generation: 1 });
    }
    expect(sessions.find(token, sessionMsMax)).toBeUndefined();
    expect(sessions.count).toBe(0);
  });

  test('are not kept alive by a look', () => {
    const sessions = new Sessions();
    const token = sessions.begin(holder, 0);
    expect(sessions.find(token, idleMsMax - 1, 'only')).toBeDefined();
    expect(sessions.find(token, idleMsMax)).toBeUndefined();
  });

  test('are at most 1,000, and the one that was not used for longest goes first', () => {
    const sessions = new Sessions();
    const tokens = Array.from({ length: sessionsMax }, (_, index) => sessions.begin(holder, index));
    expect(sessions.find(tokens[0] ?? '', 2_000)).toBeDefined();
    sessions.begin(holder, 3_000);
    expect(sessions.count).toBe(sessionsMax);
    expect(sessions.find(tokens[0] ?? '', 3_000)).toBeDefined();
    expect(sessions.find(tokens[1] ?? '', 3_000)).toBeUndefined();
    expect(sessions.find(tokens[2] ?? '', 3_000)).toBeDefined();
  });

  test('that have ended are let go of by the next one', () => {
    const sessions = new Sessions();
    for (let index = 0; index < 10; index += 1) sessions.begin(holder, 0);
    sessions.begin(holder, idleMsMax);
    expect(sessions.count).toBe(1);
  });
});
