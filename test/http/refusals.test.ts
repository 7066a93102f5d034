import { describe, expect, test } from 'vitest';
import { serve } from './fake-hub.ts';
import { rawRequest } from './raw-request.ts';

const interval = '/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA/interval';

describe('what the API refuses', () => {
  test.for([
    ['a path that it does not have', 'GET', '/nothing', {}, undefined, 404, 'no-such-route'],
    [
      'a path that it does not have, with a body',
      'POST',
      '/nothing',
      { 'content-type': 'text/xml' },
      '<a/>',
      404,
      'no-such-route',
    ],
    ['routes of later versions', 'GET', '/metrics', {}, undefined, 404, 'no-such-route'],
    ['a method that a path does not take', 'DELETE', '/api/v1/units', {}, undefined, 405, 'method-not-allowed'],
    [
      'a method with a body that a path does not take',
      'POST',
      interval,
      { 'content-type': 'text/xml' },
      '<a/>',
      405,
      'method-not-allowed',
    ],
    [
      'a body that is no JSON',
      'PUT',
      interval,
      { 'content-type': 'application/json' },
      '{"seconds":',
      400,
      'bad-request',
    ],
    ['an empty body', 'PUT', interval, { 'content-type': 'application/json' }, '', 400, 'bad-request'],
    ['no body', 'PUT', interval, {}, undefined, 400, 'bad-request'],
    [
      'a poisoned body',
      'PUT',
      interval,
      { 'content-type': 'application/json' },
      '{"seconds":5,"__proto__":{}}',
      400,
      'bad-request',
    ],
    ['text', 'PUT', interval, { 'content-type': 'text/plain' }, '{"seconds":5}', 415, 'unsupported-media-type'],
    [
      'a form',
      'PUT',
      interval,
      { 'content-type': 'application/x-www-form-urlencoded' },
      'seconds=5',
      415,
      'unsupported-media-type',
    ],
    [
      'a large body',
      'PUT',
      interval,
      { 'content-type': 'application/json' },
      `{"seconds":5}${' '.repeat(16_384)}`,
      413,
      'body-too-large',
    ],
    ['a long id', 'GET', `/api/v1/units/${'x'.repeat(200)}`, {}, undefined, 414, 'url-too-long'],
    ['a path that is not encoded', 'GET', '/api/v1/units/%zz', {}, undefined, 400, 'bad-request'],
    ['a query that a route does not know', 'GET', '/api/v1/units?page=2', {}, undefined, 400, 'bad-request'],
    ['event names that are none', 'GET', '/api/v1/events?events=a,,b', {}, undefined, 400, 'bad-request'],
    ['a query twice', 'GET', '/api/v1/events?unit=a&unit=b', {}, undefined, 400, 'bad-request'],
  ] as const)('%s is a problem document', async ([, method, path, headers, body, status, name]) => {
    await using api = await serve();
    const response = await fetch(api.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const document: unknown = await response.json();
    expect(document).toMatchObject({ type: `urn:telemetry-hub:problem:${name}`, status });
    expect(Object.keys(Object(document))).toEqual(expect.arrayContaining(['type', 'title', 'status', 'detail']));
  });

  test('a method that a path does not take comes with those that it does', async () => {
    await using api = await serve();
    expect((await fetch(api.url + interval)).headers.get('allow')).toBe('PUT');
    const head = await fetch(`${api.url}/api/v1/events`, { method: 'HEAD' });
    expect(head.headers.get('allow')).toBe('GET');
    expect((await fetch(`${api.url}/livez`, { method: 'HEAD' })).status).toBe(200);
  });

  test('bytes that are no request are a 400 problem', async () => {
    await using api = await serve();
    const answer = await rawRequest(api.port, '113             !RGTR{"name":"bench-03"}');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain('urn:telemetry-hub:problem:bad-request');
  });

  test('headers over 16 KiB are a 431 problem', async () => {
    await using api = await serve();
    const answer = await rawRequest(
      api.port,
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('urn:telemetry-hub:problem:headers-too-large');
  });

  test.for([
    ['headers', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nX: '],
    [
      'body',
      `PUT ${interval} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"sec`,
    ],
  ] as const)('a request whose %s never end is a 408 problem', async ([, bytes]) => {
    await using api = await serve({ limits: { headersMsMax: 30, requestMsMax: 40, checkMs: 10 } });
    const answer = await rawRequest(api.port, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('urn:telemetry-hub:problem:request-timeout');
  });

  test('HTTP/1.1 without Host is a 400 problem; HTTP/1.0 is served without', async () => {
    await using api = await serve();
    expect(await rawRequest(api.port, 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain(
      'problem:bad-request',
    );
    expect(await rawRequest(api.port, 'GET /livez HTTP/1.0\r\n\r\n')).toContain('{"live":true}');
  });
});

describe('the Host header of a server on a loopback address', () => {
  test.for(['localhost', 'LocalHost:8080', '127.0.0.1:1', '[::1]:8080', '[::1]'])('%s is served', async (host) => {
    await using api = await serve();
    expect(await get(api.port, host)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.for(['evil.example', '127.0.0.1.evil.example:80', 'localhost.evil.example', 'localhost:80:90', '192.0.2.1', ''])(
    '"%s" is a 403 problem',
    async (host) => {
      await using api = await serve();
      const answer = await get(api.port, host);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain('urn:telemetry-hub:problem:forbidden-host');
    },
  );

  test('may be one of http.hosts, and whoever uses it comes through a proxy and has to log in', async () => {
    await using api = await serve({ hosts: ['hub.lan'] });
    expect(await get(api.port, 'hub.lan')).toMatch(/^HTTP\/1\.1 401 /);
    expect(await get(api.port, 'hub.lan.evil.example')).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('may be the bound address itself', async () => {
    await using api = await serve({ host: '127.0.0.2' });
    const answer = await rawRequest(
      api.port,
      `GET /livez HTTP/1.1\r\nHost: 127.0.0.2:${api.port}\r\nConnection: close\r\n\r\n`,
      '127.0.0.2',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

function get(port: number, host: string): Promise<string> {
  return rawRequest(port, `GET /api/v1/units HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}
