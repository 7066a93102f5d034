import { describe, expect, test } from 'vitest';
import { invitation } from '../../../src/config/kinds/invitation.ts';
import { hostFault, isLoopback, joinLine, plainLine } from '../../../web/src/admin/join-line.ts';

const place = { port: 34_568, fingerprint: '7d5a3f0c'.repeat(8), token: 'AbCd0123'.repeat(4) };

test.each([
  ['telemetry.example.org', 'telemetry.example.org', 'telemetry.example.org'],
  ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]', '[2001:db8::1]', '2001:db8::1'],
  [' bench ', 'bench', 'bench'],
])('the line for %s is one that the client takes', (host, written, taken) => {
  const line = joinLine({ host, ...place });
  expect(line).toBe(`telemetry-client join ${written}:34568/${place.fingerprint}/${place.token}`);
  const parsed = invitation.parse(line.split(' ')[2] ?? '');
  expect(parsed).toMatchObject({ ok: true, value: { server: { host: taken, port: 34_568 }, token: place.token } });
});

test('a client on a trusted network is told the port only where it is another than the usual', () => {
  expect(plainLine('bench', 34_567)).toMatch(/ --server bench$/);
  expect(plainLine('bench', 4000)).toMatch(/ --server bench:4000$/);
  expect(plainLine('2001:db8::1', 34_567)).toMatch(/ --server \[2001:db8::1\]$/);
});

test.each(['localhost', 'LOCALHOST.', 'hub.localhost', '127.0.0.1', '127.8.9.10', '[::1]', '::1'])(
  '%s is reached by this machine alone',
  (name) => expect(isLoopback(name)).toBe(true),
);

test.each(['192.0.2.7', 'localhost.example.org', 'bench', '127.example.org', '[2001:db8::1]', ''])(
  '%j is reached by others',
  (name) => expect(isLoopback(name)).toBe(false),
);

describe('a name or address for a line', () => {
  test.each([
    'bench',
    'telemetry.example.org',
    '192.0.2.7',
    '2001:db8::1',
    '[2001:db8::1]',
    'bench_3',
    'bücher.example',
  ])('may be %s', (host) => expect(hostFault(host)).toBeUndefined());

  test.each(['', ' ', 'a b', 'https://x', 'x/y', "x';rm", 'x$y', '$(reboot)', 'x;y', '[zz]', 'a@b', 'x#y'])(
    'may not be %j',
    (host) => expect(hostFault(host)).toBeTypeOf('string'),
  );

  test.each(['bench:34568', '[2001:db8::1]:34568'])('may not bring a port, as %s does', (host) => {
    expect(hostFault(host)).toMatch(/the port is added/);
  });
});
