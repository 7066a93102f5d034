import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { problems } from '../../src/http/problem.ts';
import { fakeKeyOptions } from './fake-keys.ts';
import { serve } from './fake-hub.ts';

const routes = [
  ['get', '/livez'],
  ['get', '/readyz'],
  ['post', '/api/v1/session'],
  ['get', '/api/v1/session'],
  ['delete', '/api/v1/session'],
  ['put', '/api/v1/session/password'],
  ['get', '/api/v1/accounts'],
  ['post', '/api/v1/accounts'],
  ['delete', '/api/v1/accounts/{name}'],
  ['put', '/api/v1/accounts/{name}/scope'],
  ['get', '/api/v1/api-tokens'],
  ['post', '/api/v1/api-tokens'],
  ['delete', '/api/v1/api-tokens/{id}'],
  ['get', '/api/v1/audit'],
  ['get', '/api/v1/units'],
  ['get', '/api/v1/units/{id}'],
  ['put', '/api/v1/units/{id}/interval'],
  ['put', '/api/v1/units/{id}/tags'],
  ['put', '/api/v1/intervals'],
  ['get', '/api/v1/units/{id}/events'],
  ['get', '/api/v1/units/{id}/gaps'],
  ['get', '/api/v1/units/{id}/readings'],
  ['get', '/api/v1/events'],
  ['get', '/api/v1/fleet'],
  ['get', '/api/v1/fleet/stream'],
  ['get', '/api/v1/fleet/trails'],
  ['get', '/metrics'],
  ['get', '/api/v1/server'],
  ['get', '/api/v1/settings'],
  ['get', '/api/v1/openapi.json'],
  ['get', '/api/v1/machines'],
  ['post', '/api/v1/machines/{id}/approve'],
  ['post', '/api/v1/machines/{id}/revoke'],
  ['post', '/api/v1/machines/{id}/forget'],
  ['put', '/api/v1/machines/{id}/name'],
  ['get', '/api/v1/join-tokens'],
  ['post', '/api/v1/join-tokens'],
  ['delete', '/api/v1/join-tokens/{id}'],
] as const;

test('openapi.json has every route and no other, each with a summary and its answers', async () => {
  await using api = await serve(fakeKeyOptions());
  const response = await fetch(`${api.url}/api/v1/openapi.json`);
  const description = Object(await response.json());
  expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'telemetry-hub', version: '1.2.3' } });
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(Object(methods)).map((method) => `${method} ${path}`),
  );
  expect(described.toSorted()).toEqual(routes.map(([method, path]) => `${method} ${path}`).toSorted());
  for (const [method, path] of routes) {
    const route = description.paths[path][method];
    expect(route.summary).toMatch(/\w/);
    expect(Object.keys(route.responses)[0]).toMatch(/^20[0124]$/);
  }
});

test('every described route is there', async () => {
  await using api = await serve(fakeKeyOptions());
  for (const [method, path] of routes) {
    const response = await fetch(api.url + path.replace(/\{\w+\}/, 'Yw1l0Ck3aT8mQ2vN5xR7sA'), {
      method: method.toUpperCase(),
    });
    expect([path, response.status]).not.toEqual([path, 405]);
    if (response.status === 404) expect(await response.text()).not.toContain('no-such-route');
    else await response.body?.cancel();
  }
});

test('docs/api.md lists every problem and every route', async () => {
  const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  for (const [name, { status }] of Object.entries(problems)) expect(page).toContain(`| \`${name}\` | ${status} |`);
  for (const [method, path] of routes) expect(page).toContain(`${method.toUpperCase()} ${path}`);
});
