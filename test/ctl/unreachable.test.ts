import { expect, test } from 'vitest';
import { freePort, nobodyPort } from '../free-port.ts';
import { confirming, FakeHub, serve, unitView, until } from '../http/fake-hub.ts';
import { run, start } from './run.ts';
import { stranger } from './stranger.ts';

test('a server that is not there is said with what to look at', async () => {
  const api = `http://127.0.0.1:${nobodyPort}`;
  const { exitCode, stdout, stderr } = await run('units', { api });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `telemetryctl: Nobody answers at ${api}/ (ECONNREFUSED); is telemetry-server running, and is --api right? [api-unreachable]\n`,
  );
});

test('a server that starts again meanwhile is waited for', async () => {
  const before = await serve({ port: await freePort() });
  await before.close();
  const waiting = start('units', { api: before.url, patience: { retries: 1000 } });
  await using again = await serve({ port: before.port });
  expect(await waiting.exitCode).toBe(0);
  expect(again.hub.units()).toHaveLength(1);
});

test('a change that nobody answered is sent again; one that was answered never is', async () => {
  const unit = JSON.stringify(unitView());
  await using flaky = await stranger((response, count) => {
    if (count === 2) response.destroy();
    else if (count === 3) response.writeHead(500).end('broken');
    else response.end(count === 1 ? `[${unit}]` : unit);
  });
  const { exitCode, stderr } = await run('interval bench-03 5', { api: flaky.url });
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('answered 500 Internal Server Error, and not as telemetry-server does'),
  ]);
  const path = '/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA/interval';
  expect(flaky.requests).toEqual(['GET /api/v1/units', `PUT ${path}`, `PUT ${path}`]);
});

test.for([
  ['no JSON', '<html>'],
  ['another JSON', '{"units":[]}'],
  ['units that are none', '[{"name":"x"}]'],
  ['nothing', ''],
] as const)('a server that answers %s is said not to be one of ours', async ([, body]) => {
  await using other = await stranger((response) => response.end(body));
  const { exitCode, stderr } = await run('units', { api: other.url });
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('does not answer as telemetry-server does; is --api right'),
  ]);
  expect(stderr).toContain('[api-not-telemetry]');
});

test('an event stream that is none is said not to be one of ours', async () => {
  await using other = await stranger((response) => response.end('hello'));
  const { exitCode, stderr } = await run('tail', { api: other.url });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-not-telemetry]')]);
});

test('a server that never answers is given up', async () => {
  await using other = await stranger(() => {});
  for (const line of ['units', 'tail']) {
    const { exitCode, stderr } = await run(line, { api: other.url, patience: { callMsMax: 50 } });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('did not answer within 0.05 s')]);
    expect(stderr).toContain('[api-timeout]');
  }
});

test('an answer that ends early is a failure of its own', async () => {
  await using other = await stranger((response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('[', () => response.destroy());
  });
  const { exitCode, stderr } = await run('units', { api: other.url });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-answer-broken]')]);
});

test('what the server refuses is told in its own words', async () => {
  await using api = await serve({ hub: new FakeHub(unitView()) });
  api.hub.outcome = async () => ({ type: 'store-unavailable' });
  const { exitCode, stdout } = await run('interval bench-03 5', { api: api.url });
  expect([exitCode, stdout]).toEqual([
    1,
    expect.stringContaining('The change could not be stored, so nothing was sent'),
  ]);
});

test('the API may live below a path', async () => {
  const unit = JSON.stringify(confirming(unitView()));
  await using proxy = await stranger((response) => response.end(`[${unit}]`));
  expect((await run('units', { api: `${proxy.url}/hub/telemetry` })).exitCode).toBe(0);
  expect(proxy.requests).toEqual(['GET /hub/telemetry/api/v1/units']);
});

test('to end it before the answer is a failure', async () => {
  await using other = await stranger(() => {});
  const waiting = start('units', { api: other.url });
  await until(() => other.requests.length === 1, 'the request');
  waiting.end();
  expect([await waiting.exitCode, waiting.stderr()]).toEqual([1, 'telemetryctl: ended before the answer.\n']);
});
