import { systemClock } from '../../src/transport/system-clock.ts';
import { expect, test } from 'vitest';
import { openHttp } from '../../src/http/open-http.ts';
import { FakeHub, serve } from './fake-hub.ts';
import { temporaryAccess } from './temporary-access.ts';

test('a process that answers is live', async () => {
  await using api = await serve();
  const response = await fetch(`${api.url}/livez`);
  expect([response.status, await response.json()]).toEqual([200, { live: true }]);
});

test('a server without problems is ready', async () => {
  await using api = await serve();
  const response = await fetch(`${api.url}/readyz`);
  expect([response.status, await response.json()]).toEqual([200, { ready: true }]);
});

test('a ready server says what a person should know, and how much queries left out', async () => {
  await using api = await serve();
  api.hub.notes = ['store.budget is full'];
  api.hub.leftOut = 3;
  const response = await fetch(`${api.url}/readyz`);
  expect(await response.json()).toEqual({ ready: true, notes: ['store.budget is full'], left_out: 3 });
});

test('a server with problems is not ready, and says which', async () => {
  await using api = await serve();
  api.hub.problems = ['The store is full.', 'No listener is bound.'];
  const response = await fetch(`${api.url}/readyz`);
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({
    type: 'urn:telemetry-hub:problem:not-ready',
    status: 503,
    ready: false,
    problems: ['The store is full.', 'No listener is bound.'],
  });
});

test('a port in use is said with what to do, and nothing stays subscribed', async () => {
  await using api = await serve();
  const hub = new FakeHub();
  using access = temporaryAccess();
  const again = openHttp({
    address: { host: '127.0.0.1', port: api.port },
    fleet: hub,
    feed: hub,
    health: hub,
    store: hub,
    access,
    version: '1',
    clock: systemClock,
    log: () => {},
  });
  await expect(again).rejects.toMatchObject({ code: 'port-in-use', exitCode: 1 });
  await expect(again).rejects.toThrow(`--http 127.0.0.1:${api.port}: another program listens there`);
  expect(hub.subscriptions).toBe(0);
});

test('an address of another machine is bad configuration', async () => {
  await expect(serve({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'address-unknown', exitCode: 2 });
});

test('localhost is 127.0.0.1', async () => {
  await using api = await serve({ host: 'localhost' });
  expect(api.address).toBe('127.0.0.1');
});
