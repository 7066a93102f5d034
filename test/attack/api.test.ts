import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openAccess } from '../../src/access/open-access.ts';
import type { Access } from '../../src/access/contract.ts';
import type { LogLine } from '../app/in-process.ts';
import { call } from '../http/call.ts';
import { byTest, password } from '../http/temporary-access.ts';
import { settleVictim, startAttackedServer, type AttackedServer, type Victim } from './attacked-server.ts';
import { answerOf, HttpAttacker, type Answer } from './http-attacker.ts';
import { KeyedMachine } from './keyed-machine.ts';

const json = { 'content-type': 'application/json' };
/** Each attacker has an address of its own. */
let attackers = 0;

function attackerOf({ api }: AttackedServer): HttpAttacker {
  attackers += 1;
  return new HttpAttacker(api, `127.0.4.${attackers}`);
}

function refused({ log }: AttackedServer, { from }: HttpAttacker): Promise<LogLine> {
  return log.waitFor('request-refused', ({ peer }) => String(peer).startsWith(`${from}:`));
}

describe('an API on loopback, without a password', () => {
  let server: AttackedServer;
  let victim: Victim;
  beforeAll(async () => {
    server = await startAttackedServer();
    victim = await settleVictim(server, new KeyedMachine('web-01'));
  });
  afterEach(expectNothingChanged);
  afterAll(async () => {
    victim.leave();
    await server.stop();
  });

  async function expectNothingChanged(): Promise<void> {
    await victim.expectUnharmed();
    expect((await call(`${server.api}/units/${victim.clientId}`)).body).toMatchObject({
      interval: { wanted: 10, rev: 1 },
    });
    using access = closing(openAccess(server.dataDir));
    expect(access.audit(1)).toEqual([]);
  }

  test.for([
    ['a script of another site', { ...json, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a form of another site, which no browser asks about before', { 'content-type': 'text/plain', origin: 'null' }],
    [
      'a page of another port of this machine',
      { ...json, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    ],
  ] as const)('cross-site request: a change by %s is refused', async ([, headers]) => {
    const attacker = attackerOf(server);
    const change = { method: 'PUT', headers, body: '{"seconds":3600}' };
    const path = `/api/v1/units/${victim.clientId}/interval`;
    expect(await attacker.ask(path, change)).toMatchObject({ status: 403, problem: 'forbidden-origin' });
    expect(await refused(server, attacker)).toMatchObject({
      level: 'warn',
      problem: 'forbidden-origin',
      method: 'PUT',
      path,
    });
  });

  test('cross-site request: another site cannot look either, and gets no CORS', async () => {
    const attacker = attackerOf(server);
    const headers = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
    const { status, head, body } = await attacker.ask('/api/v1/units', { headers });
    expect(status).toBe(403);
    expect(head).not.toContain('access-control-allow');
    expect(body).not.toContain('web-01');
    expect(await refused(server, attacker)).toMatchObject({ problem: 'forbidden-origin', path: '/api/v1/units' });
  });

  test('cross-site request: a name that was made to resolve to this machine is not this server’s', async () => {
    const attacker = attackerOf(server);
    const headers = { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' };
    const { problem, body } = await attacker.ask('/api/v1/units', { headers });
    expect(problem).toBe('forbidden-host');
    expect(body).not.toContain('web-01');
    expect(await refused(server, attacker)).toMatchObject({ problem: 'forbidden-host', host: 'evil.example' });
  });

  test.for([
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%252e%252e%252f%252e%252e%252fetc%252fpasswd',
    '/..\\..\\etc\\passwd',
    '/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
    '/api/v1/../../../../etc/passwd',
    '/api/v1/units/..%2f..%2f..%2fetc%2fpasswd',
    '/api/v1/units/../../../etc/passwd%00.json',
    '//etc/../etc/passwd',
    'http://127.0.0.1/../../etc/passwd',
  ])('path traversal: %s is nothing that there is', async (target) => {
    const attacker = attackerOf(server);
    const { status, head, body } = await attacker.ask(target);
    expect([400, 404]).toContain(status);
    expect(head).toContain('content-type: application/problem+json');
    expect(body).not.toContain('root:');
    expect(await refused(server, attacker)).toMatchObject({ level: 'warn', method: 'GET' });
  });

  test('oversized bodies: one that is announced is refused before it is sent', async () => {
    const attacker = attackerOf(server);
    const { ended } = attacker.send(
      `PUT /api/v1/units/${victim.clientId}/interval HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{"seconds":`,
    );
    expectTooLarge(answerOf(await ended));
    expect(await refused(server, attacker)).toMatchObject({ level: 'warn', problem: 'body-too-large', method: 'PUT' });
  });

  test('oversized bodies: one that never ends is cut off where it passes the limit', async () => {
    const attacker = attackerOf(server);
    const { socket, ended } = attacker.send(
      `PUT /api/v1/units/${victim.clientId}/interval HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`;
    const more = (): void => {
      if (!socket.destroyed && socket.writable) socket.write(chunk, more);
    };
    more();
    expectTooLarge(answerOf(await ended));
    // What two sockets hold, and not what it would have sent.
    expect(socket.bytesWritten).toBeLessThan(16 * 2 ** 20);
    expect(await refused(server, attacker)).toMatchObject({ level: 'warn', problem: 'body-too-large', method: 'PUT' });
  });

  test('oversized headers: 16 KiB is enough', async () => {
    const attacker = attackerOf(server);
    const { ended } = attacker.send(`GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answerOf(await ended)).toMatchObject({ status: 431, problem: 'headers-too-large' });
    expect(await refused(server, attacker)).toMatchObject({ level: 'warn', problem: 'headers-too-large' });
  });
});

describe('an API that wants to know who asks', () => {
  let server: AttackedServer;
  let access: Access & Disposable;
  let victim: Victim;
  let token: string;
  beforeAll(async () => {
    server = await startAttackedServer([], { TELEMETRY_HTTP_LOGIN: 'always' });
    access = closing(openAccess(server.dataDir, { cost: { logN: 4, r: 8, p: 1 } }));
    for (const [name, scope] of [
      ['ada', 'admin'],
      ['eve', 'read'],
    ] as const)
      await access.addAccount({ name, password: `${password} ${name}`, scope }, byTest);
    token = access.addApiToken({ name: 'eves', scope: 'read', expiresMs: undefined }, byTest).token;
    victim = await settleVictim(server, new KeyedMachine('web-01'), { headers: { authorization: `Bearer ${token}` } });
  });
  afterEach(() => victim.expectUnharmed());
  afterAll(async () => {
    victim.leave();
    access[Symbol.dispose]();
    await server.stop();
  });

  const planted = `telemetry-session=${'A'.repeat(43)}`;

  /** The cookie that a login gives a browser that has `before`. */
  async function logIn(by: HttpAttacker, name: string, before: string): Promise<string> {
    const body = JSON.stringify({ name, password: `${password} ${name}` });
    const headers = { ...json, cookie: before };
    const { status, head } = await by.ask('/api/v1/session', { method: 'POST', headers, body });
    expect(status).toBe(204);
    return /^set-cookie: ([^;]*)/im.exec(head)?.[1] ?? '';
  }

  function whoIs(by: HttpAttacker, cookie: string): Promise<Answer> {
    return by.ask('/api/v1/session', { headers: { cookie } });
  }

  test('session fixation: a session that was made up and planted is nobody’s after its victim has logged in', async () => {
    const [browser, attacker] = [attackerOf(server), attackerOf(server)];
    const cookie = await logIn(browser, 'ada', planted);
    expect(cookie).toMatch(/^telemetry-session=[\w-]{43}$/);
    expect(cookie).not.toBe(planted);
    expect(await whoIs(attacker, planted)).toMatchObject({ status: 401, problem: 'unauthenticated' });
    expect(await refused(server, attacker)).toMatchObject({
      level: 'warn',
      problem: 'unauthenticated',
      path: '/api/v1/session',
      reason: 'a session that has ended, or never was',
    });
    expect(JSON.parse((await whoIs(browser, cookie)).body)).toMatchObject({ name: 'ada', scope: 'admin' });
  });

  test('session fixation: the attacker’s own session, planted, does not become that of its victim', async () => {
    const [browser, attacker] = [attackerOf(server), attackerOf(server)];
    const eves = await logIn(attacker, 'eve', planted);
    const adas = await logIn(browser, 'ada', eves);
    expect(adas).not.toBe(eves);
    expect(await whoIs(attacker, eves)).toMatchObject({ status: 401, problem: 'unauthenticated' });
    expect(await refused(server, attacker)).toMatchObject({ reason: 'a session that has ended, or never was' });
    expect(JSON.parse((await whoIs(browser, adas)).body)).toMatchObject({ name: 'ada' });
    for (const [account, { from }] of [
      ['eve', attacker],
      ['ada', browser],
    ] as const)
      await server.log.waitFor('login', (line) => line['account'] === account && String(line['peer']).startsWith(from));
  });

  /** Method and path of every route that openapi.json describes, but for those that serve everybody. */
  async function routes(): Promise<readonly (readonly [method: string, path: string])[]> {
    const { body } = await call(`${server.api}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    const all = Object.entries(Object(Object(body).paths)).flatMap(([path, methods]) =>
      Object.keys(Object(methods)).map(
        (method) => [method.toUpperCase(), path.replace('{id}', victim.clientId)] as const,
      ),
    );
    expect(all.length).toBeGreaterThan(15);
    return all.filter(
      ([method, path]) => !['GET /livez', 'GET /readyz', 'POST /api/v1/session'].includes(`${method} ${path}`),
    );
  }

  test('route without scope: there is none that answers to nobody, or to a token that was made up', async () => {
    for (const [method, path] of await routes()) {
      const attacker = attackerOf(server);
      expect(await attacker.ask(path, { method }), path).toMatchObject({ status: 401, problem: 'unauthenticated' });
      const headers = { authorization: `Bearer thub_${'A'.repeat(43)}` };
      expect(await attacker.ask(path, { method, headers }), path).toMatchObject({ status: 401 });
      expect(await refused(server, attacker)).toMatchObject({
        level: 'warn',
        problem: 'unauthenticated',
        method,
        path,
        reason: 'wrong or expired token',
      });
    }
  });

  test('route without scope: who may only look can change nothing, and is named', async () => {
    const { id } = access.apiTokens[0] ?? { id: '' };
    // Logging in and out, and one's own password, are nobody else's.
    const changes = (await routes()).filter(([method, path]) => method !== 'GET' && !path.includes('/session'));
    expect(changes.length).toBeGreaterThan(5);
    for (const [method, path] of changes) {
      const attacker = attackerOf(server);
      const headers = { ...json, authorization: `Bearer ${token}` };
      const answer = await attacker.ask(path, { method, headers, body: '{"seconds":3600,"name":"mine"}' });
      expect(answer, path).toMatchObject({ status: 403, problem: 'forbidden-scope' });
      expect(await refused(server, attacker)).toMatchObject({
        level: 'warn',
        problem: 'forbidden-scope',
        method,
        path,
        who: `token:${id}`,
      });
    }
  });

  test.for([
    ['GET', '//api/v1/units', {}],
    ['GET', '/api/v1/units/', {}],
    ['GET', '/API/V1/units', {}],
    ['GET', '/api/v1/%75nits', {}],
    ['GET', '/livez/../api/v1/units', {}],
    ['GET', '/nothing', { 'x-original-url': '/api/v1/units', 'x-rewrite-url': '/api/v1/units' }],
    ['GET', '/api/v1/units', { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' }],
    ['GET', '/api/v1/session', { 'x-http-method-override': 'POST' }],
    ['HEAD', '/api/v1/units', {}],
  ] as const)(
    'route without scope: %s %s is no way around the question who asks',
    async ([method, target, headers]) => {
      const { status, body } = await attackerOf(server).ask(target, { method, headers });
      if (target.startsWith('/livez?')) expect(body).toBe('{"live":true}');
      else expect([400, 401, 404]).toContain(status);
      expect(body).not.toContain('web-01');
    },
  );
});

function expectTooLarge(answer: Answer): void {
  expect(answer).toMatchObject({ status: 413, problem: 'body-too-large' });
}

function closing<Closable extends { close(): void }>(one: Closable): Closable & Disposable {
  return Object.assign(one, {
    [Symbol.dispose]: () => {
      one.close();
    },
  });
}
