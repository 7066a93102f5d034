import fastify, { type RouteOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/access/contract.ts';
import { includesScope, requireScopes } from '../../src/http/route-scope.ts';
import { call } from './call.ts';
import { fakeKeyOptions } from './fake-keys.ts';
import { serve } from './fake-hub.ts';
import { byTest, temporaryAccess } from './temporary-access.ts';

/** Every route, with the scope that it needs and whether it changes something: what a new route has to be added to. */
const routes = [
  ['GET', '/livez', 'public'],
  ['GET', '/readyz', 'public'],
  ['POST', '/api/v1/session', 'public'],
  ['GET', '/api/v1/session', 'read'],
  ['DELETE', '/api/v1/session', 'read'],
  ['PUT', '/api/v1/session/password', 'read'],
  ['GET', '/api/v1/accounts', 'admin'],
  ['POST', '/api/v1/accounts', 'admin'],
  ['DELETE', '/api/v1/accounts/{name}', 'admin'],
  ['PUT', '/api/v1/accounts/{name}/scope', 'admin'],
  ['GET', '/api/v1/api-tokens', 'admin'],
  ['POST', '/api/v1/api-tokens', 'admin'],
  ['DELETE', '/api/v1/api-tokens/{id}', 'admin'],
  ['GET', '/api/v1/audit', 'admin'],
  ['GET', '/api/v1/units', 'read'],
  ['GET', '/api/v1/units/{id}', 'read'],
  ['PUT', '/api/v1/units/{id}/interval', 'operate'],
  ['PUT', '/api/v1/units/{id}/tags', 'operate'],
  ['PUT', '/api/v1/intervals', 'operate'],
  ['GET', '/api/v1/units/{id}/events', 'read'],
  ['GET', '/api/v1/units/{id}/gaps', 'read'],
  ['GET', '/api/v1/units/{id}/readings', 'read'],
  ['GET', '/api/v1/events', 'read'],
  ['GET', '/api/v1/fleet', 'read'],
  ['GET', '/api/v1/fleet/stream', 'read'],
  ['GET', '/api/v1/fleet/trails', 'read'],
  ['GET', '/metrics', 'read'],
  ['GET', '/api/v1/server', 'read'],
  ['GET', '/api/v1/settings', 'admin'],
  ['GET', '/api/v1/openapi.json', 'read'],
  ['GET', '/api/v1/machines', 'read'],
  ['POST', '/api/v1/machines/{id}/approve', 'admin'],
  ['POST', '/api/v1/machines/{id}/revoke', 'admin'],
  ['POST', '/api/v1/machines/{id}/forget', 'admin'],
  ['PUT', '/api/v1/machines/{id}/name', 'admin'],
  ['GET', '/api/v1/join-tokens', 'read'],
  ['POST', '/api/v1/join-tokens', 'admin'],
  ['DELETE', '/api/v1/join-tokens/{id}', 'admin'],
] as const;
const scopes: readonly Scope[] = ['read', 'operate', 'admin'];

test('the list of routes is that of openapi.json', async () => {
  await using api = await serve(fakeKeyOptions());
  const { paths } = Object((await call(`${api.url}/api/v1/openapi.json`)).body);
  const described = Object.entries(Object(paths)).flatMap(([path, methods]) =>
    Object.keys(Object(methods)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(routes.map(([method, path]) => `${method} ${path}`).toSorted());
});

describe('every route', () => {
  test.for(routes.filter(([, , needed]) => needed !== 'public'))(
    '%s %s is for nobody who is not known',
    async ([method, path]) => {
      await using api = await serve({ ...fakeKeyOptions(), host: '0.0.0.0' });
      expect((await call(api.url + path.replace(/\{\w+\}/, 'x'), { method })).problem).toBe('unauthenticated');
    },
  );

  test.for(
    routes.flatMap(([method, path, needed]) =>
      needed === 'public' ? [] : scopes.map((scope) => [method, path, needed, scope] as const),
    ),
  )('%s %s, which needs %s, for a token with %s', async ([method, path, needed, scope]) => {
    using access = temporaryAccess();
    const { token, view } = access.addApiToken({ name: 'ci', scope, expiresMs: undefined }, byTest);
    await using api = await serve({ ...fakeKeyOptions(), access, host: '0.0.0.0' });
    const response = await fetch(api.url + path.replace(/\{\w+\}/, 'x'), {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    const forbidden = response.status === 403;
    await response.body?.cancel();
    expect(forbidden).toBe(!includesScope(scope, needed));
    if (!forbidden) return;
    expect(api.logged).toMatchObject([
      { event: 'request-refused', fields: { problem: 'forbidden-scope', who: `token:${view.id}` } },
    ]);
  });

  test('HEAD needs what GET needs', async () => {
    await using api = await serve({ host: '0.0.0.0' });
    expect((await call(`${api.url}/api/v1/units`, { method: 'HEAD' })).status).toBe(401);
    expect((await call(`${api.url}/livez`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('a route', () => {
  const planted = (options: Partial<RouteOptions>): (() => void) => {
    const app = fastify();
    requireScopes(app);
    return () => void app.route({ method: 'GET', url: '/planted', handler: async () => ({}), ...options });
  };

  test('without a scope cannot be', () => {
    expect(planted({})).toThrow('GET /planted states no scope');
    expect(planted({ config: {} })).toThrow('GET /planted states no scope');
    expect(planted({ config: { scope: 'read' } })).not.toThrow();
  });

  test('that changes something without a word to the audit log cannot be', () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      expect(planted({ method, config: { scope: 'admin' } })).toThrow('no action for the audit log');
      expect(planted({ method, config: { scope: 'admin', action: 'planted' } })).not.toThrow();
    }
    expect(planted({ method: ['GET', 'POST'], config: { scope: 'admin' } })).toThrow('no action');
  });
});

test('each scope includes those before it', () => {
  const table = scopes.map((has) => scopes.map((needed) => includesScope(has, needed)));
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});
