import { describe, expect, test } from 'vitest';
import { CodedError } from '../../src/core/coded-error.ts';
import { HubClient, type HubProblem } from '../../src/api/hub-client.ts';
import { call, logIn, type Called } from './call.ts';
import { ManualClock, serve, type Served } from './fake-hub.ts';
import { byTest, password, temporaryAccess } from './temporary-access.ts';

const accounts = '/api/v1/accounts';
const ownPassword = '/api/v1/session/password';
const next = 'another few words of hers';

async function withAda(scope: 'read' | 'operate' | 'admin' = 'admin'): Promise<ReturnType<typeof temporaryAccess>> {
  const access = temporaryAccess();
  await access.addAccount({ name: 'ada', password, scope }, byTest);
  return access;
}

describe('accounts', () => {
  test('are made, listed, given another scope and removed as HubClient asks for it', async () => {
    await using api = await serve();
    const hub = new HubClient({ url: api.url });
    const ada = await hub.addAccount({ name: 'ada', password, scope: 'operate' });
    expect(ada).toEqual({
      name: 'ada',
      scope: 'operate',
      created: expect.stringMatching(/Z$/),
      password_changed: ada.created,
    });
    expect(await hub.accounts()).toEqual([ada]);
    expect(await hub.setScope('ADA', 'read')).toEqual({ ...ada, scope: 'read' });
    await hub.removeAccount('ada');
    expect(await hub.accounts()).toEqual([]);
  });

  test('that are changed have one line each in the audit log, by whoever asked and without the password', async () => {
    await using api = await serve();
    const hub = new HubClient({ url: api.url });
    await hub.addAccount({ name: 'ada', password, scope: 'operate' });
    await hub.setScope('ada', 'admin');
    await hub.removeAccount('ada');
    const by = { who: 'local', from: '127.0.0.1', target: 'ada' };
    expect(api.access.audit(10)).toMatchObject([
      { ...by, number: 1, action: 'account-added', details: { scope: 'operate' } },
      { ...by, number: 2, action: 'scope-changed', details: { scope: 'admin' } },
      { ...by, number: 3, action: 'account-removed', details: {} },
    ]);
    expect(JSON.stringify([api.access.audit(10), api.logged])).not.toContain(password);
  });

  test.for([
    ['one that there is', 'POST', '', { name: 'ADA', password, scope: 'read' }, 409, 'account-exists'],
    ['a short password', 'POST', '', { name: 'bob', password: 'short', scope: 'read' }, 422, 'bad-account'],
    ['a name of somebody else', 'POST', '', { name: 'local', password, scope: 'read' }, 422, 'bad-account'],
    ['a removal of nobody', 'DELETE', '/bob', undefined, 404, 'no-such-account'],
    ['a scope of nobody', 'PUT', '/bob/scope', { scope: 'read' }, 404, 'no-such-account'],
  ] as const)(
    '%s is refused, with a line that says what was asked',
    async ([, method, path, body, status, problem]) => {
      using access = await withAda();
      await using api = await serve({ access });
      const answer = await call(api.url + accounts + path, { method, body });
      expect([answer.status, answer.problem]).toEqual([status, problem]);
      const [added, refused, ...more] = access.audit(10);
      expect([added?.action, more]).toEqual(['account-added', []]);
      expect(refused).toMatchObject({
        action: 'refused',
        details: { action: expect.stringMatching(/^(account|scope)-/), status, problem },
      });
      expect(JSON.stringify([refused, api.logged])).not.toMatch(/short|few words/);
      expect(access.accounts).toHaveLength(1);
    },
  );

  test.for([
    ['no scope', { name: 'bob', password }],
    ['a scope that there is not', { name: 'bob', password, scope: 'root' }],
    ['an empty name', { name: '', password, scope: 'read' }],
    ['something else', { name: 'bob', password, scope: 'read', generation: 1 }],
  ] as const)('with %s are no accounts, and no lines', async ([, body]) => {
    await using api = await serve();
    expect((await call(api.url + accounts, { method: 'POST', body })).problem).toBe('bad-request');
    expect(api.access.audit(10)).toEqual([]);
  });

  test.for([
    ['GET', ''],
    ['POST', ''],
    ['DELETE', '/ada'],
    ['PUT', '/ada/scope'],
  ])('that cannot be read or written are said so, once: %s %s', async ([method = '', path = '']) => {
    using access = temporaryAccess();
    const fail = (): never => {
      throw new CodedError('access-failed', 'disk full');
    };
    Object.defineProperty(access, 'accounts', { get: fail });
    Object.assign(access, { addAccount: fail, removeAccount: fail, setScope: fail, record: fail });
    await using api = await serve({ access });
    const body = { POST: { name: 'ada', password, scope: 'read' }, PUT: { scope: 'read' } }[method];
    expect((await call(api.url + accounts + path, { method, body })).problem).toBe('access-unavailable');
    expect(api.logged).toEqual([{ level: 'error', event: 'access-failed', fields: { reason: 'disk full' } }]);
  });
});

describe('the last account that may administer a server', () => {
  type Headers = Readonly<Record<string, string>>;
  const remove = (api: Served, headers: Headers = {}): Promise<Called> =>
    call(`${api.url}${accounts}/Ada`, { method: 'DELETE', headers });
  const lower = (api: Served, headers: Headers): Promise<Called> =>
    call(`${api.url}${accounts}/ada/scope`, { method: 'PUT', body: { scope: 'operate' }, headers });

  test.for([
    ['on loopback with http.login: always', { login: 'always' }],
    ['on an address that others reach', { host: '0.0.0.0' }],
  ] as const)('stays %s, until there is another', async ([, options]) => {
    using access = await withAda();
    await access.addAccount({ name: 'bob', password, scope: 'operate' }, byTest);
    const { token } = access.addApiToken({ name: 'ci', scope: 'admin', expiresMs: undefined }, byTest);
    const headers = { authorization: `Bearer ${token}` };
    await using api = await serve({ access, ...options });
    for (const change of [remove, lower]) {
      const { status, problem, body } = await change(api, headers);
      expect([status, problem]).toEqual([409, 'last-admin']);
      expect(body).toMatchObject({ detail: expect.stringContaining('give another account that scope first') });
    }
    expect(access.account('ada')?.scope).toBe('admin');
    access.setScope('bob', 'admin', byTest);
    expect((await lower(api, headers)).status).toBe(200);
    expect((await remove(api, headers)).status).toBe(204);
  });

  test('may stay admin', async () => {
    using access = await withAda();
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const sent = { method: 'PUT', body: { scope: 'admin' }, headers: { cookie, origin: api.url } };
    expect((await call(`${api.url}${accounts}/ada/scope`, sent)).status).toBe(200);
  });

  test('goes where whoever sits at the machine may administer it without one', async () => {
    using access = await withAda();
    await using api = await serve({ access });
    expect((await remove(api)).status).toBe(204);
  });
});

describe("one's own password", () => {
  async function changing(
    api: Served,
    { cookie, current = password, to = next }: { cookie?: string; current?: string; to?: string },
  ): Promise<Called> {
    const headers = cookie === undefined ? {} : { cookie, origin: api.url };
    return call(api.url + ownPassword, { method: 'PUT', body: { current, password: to }, headers });
  }

  test('is changed by whoever knows it, with one line, and ends all sessions of the account and no other', async () => {
    using access = await withAda('read');
    await access.addAccount({ name: 'bob', password, scope: 'read' }, byTest);
    await using api = await serve({ access, login: 'always' });
    const [cookie, elsewhere, others] = await Promise.all([
      logIn(api.url, 'ada', password),
      logIn(api.url, 'ada', password),
      logIn(api.url, 'bob', password),
    ]);
    const { status, headers } = await changing(api, { cookie });
    expect(status).toBe(204);
    expect(headers['set-cookie']?.[0]).toMatch(/^telemetry-session=; Max-Age=0; /);
    const statuses = [cookie, elsewhere, others].map(async (one) => {
      return (await call(`${api.url}/api/v1/session`, { headers: { cookie: one } })).status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
    expect(await access.byPassword('ada', password)).toBeUndefined();
    expect(await access.byPassword('ada', next)).toBeDefined();
    expect(access.audit(10).slice(2)).toMatchObject([
      { who: 'ada', from: '127.0.0.1', action: 'password-changed', target: 'ada', details: {} },
    ]);
    expect(JSON.stringify([access.audit(10), api.logged])).not.toContain('few words');
  });

  test('stays where the current one is wrong, and the session as well; the log says so and has neither', async () => {
    using access = await withAda('read');
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const { status, problem } = await changing(api, { cookie, current: 'not few words' });
    expect([status, problem]).toEqual([422, 'wrong-password']);
    expect((await call(`${api.url}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
    expect(api.logged.at(-1)).toMatchObject({
      level: 'warn',
      event: 'login-failed',
      fields: { account: 'ada', reason: 'wrong password, to set another' },
    });
    expect(JSON.stringify([access.audit(10), api.logged])).not.toContain('few words');
    expect(access.audit(10)).toHaveLength(1);
  });

  test('is tried no oftener than at logging in, and both count together', async () => {
    using access = await withAda('read');
    const clock = new ManualClock();
    await using api = await serve({ access, clock, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    for (let index = 0; index < 5; index += 1)
      expect((await changing(api, { cookie, current: 'wrong' })).problem).toBe('wrong-password');
    const { status, headers } = await changing(api, { cookie });
    expect([status, headers['retry-after']]).toEqual([429, '30']);
    await expect(logIn(api.url, 'ada', password)).rejects.toThrow('429');
    clock.pass(30_000);
    expect((await changing(api, { cookie })).status).toBe(204);
  });

  test('cannot be one that no account may have', async () => {
    using access = await withAda('read');
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const { status, problem, body } = await changing(api, { cookie, to: 'short' });
    expect([status, problem]).toEqual([422, 'bad-account']);
    expect(body).toMatchObject({ detail: expect.stringContaining('shorter than 12 characters') });
    expect(await access.byPassword('ada', password)).toBeDefined();
  });

  test('is what neither local nor an API token has', async () => {
    using access = await withAda('read');
    const { token } = access.addApiToken({ name: 'ci', scope: 'admin', expiresMs: undefined }, byTest);
    await using api = await serve({ access });
    expect((await changing(api, {})).problem).toBe('no-password');
    const hub = new HubClient({ url: api.url, token });
    await expect(hub.changePassword({ current: password, password: next })).rejects.toMatchObject({
      problem: 'no-password',
      status: 422,
    } satisfies Partial<HubProblem>);
  });

  test('is not changed for a session that has ended while it was checked', async () => {
    using access = await withAda('read');
    await using api = await serve({ access, login: 'always' });
    const cookie = await logIn(api.url, 'ada', password);
    const look = access.byPassword.bind(access);
    access.byPassword = async (...given) => {
      const holder = await look(...given);
      access.setScope('ada', 'operate', byTest);
      return holder;
    };
    expect((await changing(api, { cookie })).problem).toBe('unauthenticated');
    expect(access.audit(10).map(({ action }) => action)).not.toContain('password-changed');
  });
});
