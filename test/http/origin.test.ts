import { describe, expect, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { foreignOrigin, type OriginRules } from '../../src/http/origin-check.ts';
import { call, logIn } from './call.ts';
import { serve, startMs } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

const interval = '/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA/interval';
const plain: OriginRules = { overTls: false, mayBeProxied: false, byCookie: false };

describe('a cross-site request', () => {
  test.for([
    ['a foreign Origin', { origin: 'http://evil.example' }],
    ['an Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['the Origin of a sandbox', { origin: 'null' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
  ] as const)(
    'with %s changes nothing, though it comes from this machine, and the log says so',
    async ([, headers]) => {
      await using api = await serve();
      const { status, problem } = await call(api.url + interval, { method: 'PUT', body: { seconds: 5 }, headers });
      expect([status, problem]).toEqual([403, 'forbidden-origin']);
      expect(api.hub.asked).toEqual([]);
      expect(api.access.audit(1)).toEqual([]);
      expect(api.logged).toMatchObject([
        { level: 'warn', event: 'request-refused', fields: { problem: 'forbidden-origin', method: 'PUT' } },
      ]);
    },
  );

  test('by the cookie of a session changes nothing, whatever it leaves out, and the log says so', async () => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, byTest);
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const change = { method: 'PUT', body: { seconds: 5 } };
    for (const headers of [{ cookie }, { cookie, origin: 'http://evil.example' }, { cookie, origin: 'null' }]) {
      expect((await call(api.url + interval, { ...change, headers })).problem).toBe('forbidden-origin');
    }
    expect(api.hub.asked).toEqual([]);
    expect(api.logged.map(({ event }) => event)).toEqual([
      'login',
      ...Array.from({ length: 3 }, () => 'request-refused'),
    ]);
    for (const own of [{ origin: api.url }, { 'sec-fetch-site': 'same-origin' }]) {
      expect((await call(api.url + interval, { ...change, headers: { cookie, ...own } })).status).toBe(202);
    }
  });

  test('logs nobody in', async () => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, byTest);
    await using api = await serve({ access });
    const login = { method: 'POST', body: { name: 'ada', password }, headers: { origin: 'http://evil.example' } };
    const { problem, headers } = await call(`${api.url}/api/v1/session`, login);
    expect([problem, headers['set-cookie']]).toEqual(['forbidden-origin', undefined]);
  });

  test('holds no event stream open by the browser of an operator, whose links still work', async () => {
    await using api = await serve();
    const from = (mode: string): Promise<{ status: number }> =>
      call(`${api.url}/api/v1/units`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode } });
    expect((await from('no-cors')).status).toBe(403);
    expect((await from('navigate')).status).toBe(200);
  });

  test('is answered without a word that would let its page read the answer', async () => {
    await using api = await serve();
    const { headers } = await call(`${api.url}/api/v1/units`, { headers: { origin: 'http://evil.example' } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await call(api.url + interval, { method: 'OPTIONS', headers: { origin: 'http://evil.example' } });
    expect(preflight.status).toBe(405);
  });
});

describe('the Origin of a change', () => {
  const change = (origin: string, host: string, rules: Partial<OriginRules> = {}): string | undefined =>
    foreignOrigin({ method: 'POST', headers: { origin, host } }, { ...plain, ...rules });

  test('is right with scheme, name and port of the request, where default ports may be left out', () => {
    expect(change('http://localhost:8080', 'localhost:8080')).toBeUndefined();
    expect(change('http://hub.lan', 'hub.lan:80')).toBeUndefined();
    expect(change('https://hub.lan', 'hub.lan:443', { overTls: true })).toBeUndefined();
    expect(change('http://[::1]:8080', '[::1]:8080')).toBeUndefined();
  });

  test('is wrong with another scheme, but for https where a proxy may stand in front', () => {
    expect(change('https://hub.lan', 'hub.lan')).toBeDefined();
    expect(change('http://hub.lan', 'hub.lan', { overTls: true })).toBeDefined();
    expect(change('https://hub.lan', 'hub.lan', { mayBeProxied: true })).toBeUndefined();
    expect(change('http://evil.example', 'hub.lan', { mayBeProxied: true })).toBeDefined();
  });

  test.for(['http://hub.lan/', 'http://hub.lan@evil.example', 'HTTP://hub.lan', '', 'hub.lan', 'http://hub.lan.'])(
    'is wrong as %s',
    (origin) => expect(change(origin, 'hub.lan')).toBeDefined(),
  );
});

test('DNS rebinding: a page whose name resolves to this machine is refused by its Host, and the log says so', async () => {
  await using api = await serve();
  const { problem } = await call(`${api.url}/api/v1/units`, { headers: { host: `evil.example:${api.port}` } });
  expect(problem).toBe('forbidden-host');
  expect(api.logged).toMatchObject([
    { event: 'request-refused', fields: { problem: 'forbidden-host', host: `evil.example:${api.port}` } },
  ]);
});

test('DNS rebinding: elsewhere as well, and addresses and given names are served', async () => {
  using access = temporaryAccess();
  const { token } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, byTest);
  await using api = await serve({ access, host: '0.0.0.0', hosts: ['hub.lan'] });
  const by = (host: string): ReturnType<typeof call> =>
    call(`${api.url}/api/v1/units`, { headers: { host, authorization: `Bearer ${token}` } });
  expect((await by('evil.example')).problem).toBe('forbidden-host');
  expect((await by('192.0.2.1:8080')).status).toBe(200);
  expect((await by('hub.lan')).status).toBe(200);
});

describe('over TLS', () => {
  test('browsers are told to come back by TLS alone, but for localhost', async () => {
    const tls = await makeCertificate('hub', startMs);
    await using api = await serve({ tls, host: '0.0.0.0' });
    const { headers } = await call(`${api.url}/livez`, { ca: tls.certificate });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await using here = await serve({ tls });
    expect(
      (await call(`${here.url}/livez`, { ca: tls.certificate })).headers['strict-transport-security'],
    ).toBeUndefined();
  });

  test('event streams and problems are told so too', async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, byTest);
    const tls = await makeCertificate('hub', startMs);
    await using api = await serve({ tls, access, host: '0.0.0.0' });
    const get = (path: string): ReturnType<typeof call> =>
      call(api.url + path, { ca: tls.certificate, headers: { authorization: `Bearer ${token}` } });
    for (const path of ['/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA/readings', '/nothing']) {
      const { headers } = await get(path);
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });

  test('new connections get a certificate that replaces the first; one that does not fit changes nothing', async () => {
    const [first, second] = await Promise.all([makeCertificate('one', startMs), makeCertificate('two', startMs)]);
    await using api = await serve({ tls: first });
    const live = (ca: string): ReturnType<typeof call> => call(`${api.url}/livez`, { ca });
    await expect(live(second.certificate)).rejects.toThrow('self-signed certificate');
    api.replaceTls(second);
    expect((await live(second.certificate)).status).toBe(200);
    expect(() => api.replaceTls({ certificate: first.certificate, key: second.key })).toThrow('key values mismatch');
    expect((await live(second.certificate)).status).toBe(200);
  });

  test('a connection in the midst of its handshake holds up no close', async () => {
    const tls = await makeCertificate('hub', startMs);
    await using api = await serve({ tls, limits: { closeMsMax: 600_000 } });
    const { connect } = await import('node:net');
    const silent = connect(api.port, '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const gone = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => {}).resume();
    await call(`${api.url}/livez`, { ca: tls.certificate });
    await Promise.all([api.close(), gone]);
    expect(silent.destroyed).toBe(true);
  });
});
