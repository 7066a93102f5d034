import { describe, expect, test } from 'vitest';
import { LoginAttempts } from '../../src/http/login-attempts.ts';
import { call } from './call.ts';
import { ManualClock, serve, type Served } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

function tryPassword(api: Served, name: string, tried: string): ReturnType<typeof call> {
  return call(`${api.url}/api/v1/session`, { method: 'POST', body: { name, password: tried } });
}

describe('a login', () => {
  test.for([
    ['a wrong password', 'ada', 'not her password'],
    ['an account that there is not', 'bob', password],
  ])('with %s is refused in the same words, and the log says so', async ([, name, tried]) => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'read' }, byTest);
    await using api = await serve({ access });
    const { status, body, headers } = await tryPassword(api, name ?? '', tried ?? '');
    expect(status).toBe(401);
    expect(body).toMatchObject({ detail: 'There is no such account, or this is not its password.' });
    expect(headers['set-cookie']).toBeUndefined();
    expect(api.logged).toMatchObject([
      { level: 'warn', event: 'login-failed', fields: { account: name, reason: 'wrong name or password' } },
    ]);
  });

  test('whose name may be a password is shown shortened in the log, and the password never', async () => {
    await using api = await serve();
    await tryPassword(api, 'a-very-long-name-of-somebody', 'secret words of hers');
    expect(api.logged).toMatchObject([{ fields: { account: 'a-very-long-name~' } }]);
    expect(JSON.stringify(api.logged)).not.toContain('secret');
  });

  test('flood: five wrong passwords, then 429 with Retry-After, then one in 30 s; the log says both', async () => {
    using access = temporaryAccess();
    await access.addAccount({ name: 'ada', password, scope: 'read' }, byTest);
    const clock = new ManualClock();
    await using api = await serve({ access, clock });
    for (let index = 0; index < 5; index += 1) expect((await tryPassword(api, 'ada', 'x')).status).toBe(401);
    const { problem, status, headers } = await tryPassword(api, 'ada', password);
    expect([status, problem, headers['retry-after']]).toEqual([429, 'too-many-attempts', '30']);
    expect(api.logged.at(-1)).toMatchObject({ event: 'login-failed', fields: { reason: 'too many attempts' } });
    clock.pass(30_000);
    expect((await tryPassword(api, 'ada', password)).status).toBe(204);
  });

  test('flood: the log has ten lines of an address, and then one in 10 s that counts what it left out', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    for (let index = 0; index < 30; index += 1) await tryPassword(api, 'ada', 'x');
    expect(api.logged).toHaveLength(10);
    clock.pass(10_000);
    await tryPassword(api, 'ada', 'x');
    expect(api.logged).toHaveLength(11);
    expect(api.logged.at(-1)).toMatchObject({ fields: { unsaid: 20 } });
  });

  test.for([
    ['no name', { password }, 400],
    ['no password', { name: 'ada' }, 400],
    ['something else', { name: 'ada', password, admin: true }, 400],
    ['a name that is no text', { name: 1, password }, 400],
    ['a password that is longer than any', { name: 'ada', password: 'x'.repeat(257) }, 400],
  ] as const)('with %s is no login', async ([, body, status]) => {
    await using api = await serve();
    expect((await call(`${api.url}/api/v1/session`, { method: 'POST', body })).status).toBe(status);
  });

  test('by more than 32 at a time is refused, since each costs the server 32 MiB', async () => {
    const checks: (() => void)[] = [];
    using access = temporaryAccess();
    access.byPassword = () =>
      new Promise((resolve) => {
        checks.push(() => resolve(undefined));
      });
    await using api = await serve({ access });
    const tried = Array.from({ length: 33 }, (_, index) => tryPassword(api, `account-${index}`, 'x'));
    const first = await Promise.race(tried);
    expect(first.status).toBe(429);
    expect(checks).toHaveLength(32);
    for (const answer of checks) answer();
    expect((await Promise.all(tried)).filter(({ status }) => status === 401)).toHaveLength(32);
  });
});

describe('attempts to log in', () => {
  const stranger = { account: 'ada', address: '192.0.2.7' };

  test('are counted by account, from wherever they come', () => {
    const attempts = new LoginAttempts();
    for (let index = 0; index < 5; index += 1)
      expect(attempts.take({ account: 'ADA', address: `192.0.2.${index}` }, 0)).toBe(0);
    expect(attempts.take({ account: 'ada', address: '198.51.100.1' }, 0)).toBe(30_000);
    expect(attempts.take({ account: 'bob', address: '198.51.100.1' }, 0)).toBe(0);
  });

  test('are counted by address, whatever the account', () => {
    const attempts = new LoginAttempts();
    for (let index = 0; index < 5; index += 1)
      expect(attempts.take({ account: `account-${index}`, address: `2001:db8::${index}` }, 0)).toBe(0);
    expect(attempts.take({ account: 'ada', address: '2001:db8::99' }, 0)).toBeGreaterThan(0);
    expect(attempts.take({ account: 'ada', address: '2001:db8:0:1::99' }, 0)).toBe(0);
  });

  test('of strangers use up nothing of where the owner has logged in before, and nothing of this machine', () => {
    const attempts = new LoginAttempts();
    const owner = { account: 'ada', address: '198.51.100.1' };
    expect(attempts.take(owner, 0)).toBe(0);
    attempts.succeeded(owner, 0);
    for (let index = 0; index < 50; index += 1) attempts.take({ ...stranger, address: `192.0.2.${index}` }, 0);
    expect(attempts.take({ account: 'ada', address: '203.0.113.9' }, 0)).toBeGreaterThan(0);
    expect(attempts.take(owner, 0)).toBe(0);
    expect(attempts.take({ account: 'ada', address: '127.0.0.1' }, 0)).toBe(0);
  });

  test('with the right password do not count', () => {
    const attempts = new LoginAttempts();
    for (let index = 0; index < 50; index += 1) {
      expect(attempts.take(stranger, 0)).toBe(0);
      attempts.succeeded(stranger, 0);
    }
  });

  test('from this machine are counted by account alone', () => {
    const attempts = new LoginAttempts();
    const here = { account: 'ada', address: '::1' };
    for (let index = 0; index < 5; index += 1) expect(attempts.take(here, 0)).toBe(0);
    expect(attempts.take(here, 0)).toBe(30_000);
    expect(attempts.take({ ...here, account: 'bob' }, 0)).toBe(0);
  });
});
