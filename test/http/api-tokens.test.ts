import { describe, expect, test } from 'vitest';
import { HubClient } from '../../src/api/hub-client.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import { call } from './call.ts';
import { ManualClock, serve, startMs } from './fake-hub.ts';
import { temporaryAccess } from './temporary-access.ts';

const tokens = '/api/v1/api-tokens';

describe('API tokens', () => {
  test('are made, shown once, listed and removed as HubClient asks for it, and count at once', async () => {
    await using api = await serve();
    const hub = new HubClient({ url: api.url });
    const { token, ...view } = await hub.newApiToken({ name: 'grafana', scope: 'read', expires_seconds: null });
    expect(view).toEqual({ id: view.id, name: 'grafana', scope: 'read', created: view.created, expires: null });
    const program = new HubClient({ url: api.url, token });
    expect(await program.session()).toEqual({ name: `token:${view.id}`, scope: 'read', how: 'token' });
    expect(await hub.apiTokens()).toEqual([view]);
    await hub.removeApiToken(view.id);
    expect(await hub.apiTokens()).toEqual([]);
    await expect(program.session()).rejects.toMatchObject({ problem: 'unauthenticated' });
  });

  test('have one line each in the audit log, without the token, which the log has not either', async () => {
    await using api = await serve();
    const hub = new HubClient({ url: api.url });
    const { token, id } = await hub.newApiToken({ name: 'ci', scope: 'operate', expires_seconds: 60 });
    await hub.removeApiToken(id);
    expect(api.access.audit(10)).toMatchObject([
      { number: 1, who: 'local', from: '127.0.0.1', action: 'api-token-added', target: id, details: { name: 'ci' } },
      { number: 2, action: 'api-token-removed', target: id },
    ]);
    expect(JSON.stringify([api.access.audit(10), api.logged])).not.toContain(token);
  });

  test('end when they were said to, by the clock of the server', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    const hub = new HubClient({ url: api.url });
    const { token, expires } = await hub.newApiToken({ name: 'ci', scope: 'read', expires_seconds: 60 });
    expect(expires).toBe(new Date(startMs + 60_000).toISOString());
    const program = new HubClient({ url: api.url, token });
    await program.session();
    clock.pass(60_000);
    await expect(program.session()).rejects.toMatchObject({ status: 401 });
  });

  test.for([
    ['no expiry', { name: 'ci', scope: 'read' }],
    ['none left', { name: 'ci', scope: 'read', expires_seconds: 0 }],
    ['more than ten years', { name: 'ci', scope: 'read', expires_seconds: 315_360_001 }],
    ['a scope that there is not', { name: 'ci', scope: 'root', expires_seconds: null }],
    ['no name', { name: '', scope: 'read', expires_seconds: null }],
  ] as const)('with %s are none', async ([, body]) => {
    await using api = await serve();
    expect((await call(api.url + tokens, { method: 'POST', body })).problem).toBe('bad-request');
    expect(api.access.audit(10)).toEqual([]);
  });

  test('that cannot be so, or are not there, are refused, with a line', async () => {
    await using api = await serve();
    const body = { name: 'two\nlines', scope: 'read', expires_seconds: null };
    expect((await call(api.url + tokens, { method: 'POST', body })).problem).toBe('bad-account');
    const { status, problem } = await call(`${api.url}${tokens}/AbCdEfGh`, { method: 'DELETE' });
    expect([status, problem]).toEqual([404, 'no-such-api-token']);
    expect(api.access.audit(10)).toMatchObject([
      { action: 'refused', details: { action: 'api-token-added', scope: 'read', problem: 'bad-account' } },
      { action: 'refused', target: 'AbCdEfGh', details: { action: 'api-token-removed', status: 404 } },
    ]);
  });

  test.for(['GET', 'POST', 'DELETE'])('that cannot be read or written are said so: %s', async (method) => {
    using access = temporaryAccess();
    const fail = (): never => {
      throw new CodedError('access-failed', 'disk full');
    };
    Object.defineProperty(access, 'apiTokens', { get: fail });
    Object.assign(access, { addApiToken: fail, removeApiToken: fail, record: fail });
    await using api = await serve({ access });
    const path = method === 'DELETE' ? '/AbCdEfGh' : '';
    const body = method === 'POST' ? { name: 'ci', scope: 'read', expires_seconds: null } : undefined;
    expect((await call(api.url + tokens + path, { method, body })).problem).toBe('access-unavailable');
    expect(api.logged).toEqual([{ level: 'error', event: 'access-failed', fields: { reason: 'disk full' } }]);
  });
});
