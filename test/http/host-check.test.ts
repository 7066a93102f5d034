import { assert, domain, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { hostKind, isLoopback, plainAddress, type HostNames } from '../../src/http/host-check.ts';

const onLoopback: HostNames = { boundHost: '127.0.0.1', machine: 'hub-1', others: [] };
const onAll: HostNames = { boundHost: '0.0.0.0', machine: 'hub-1', others: ['Telemetry.example.org'] };

test('loopback addresses are known as such, others are not', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', 'LOCALHOST', '::ffff:127.0.0.1'])
    expect(isLoopback(host)).toBe(true);
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.evil.example', 'example.com', '', '::ffff:192.0.2.1'])
    expect(isLoopback(host)).toBe(false);
});

test('a domain name is never allowed on loopback, whatever its port', () => {
  assert(
    property(domain(), nat(65_535), (name, port) => {
      expect(hostKind(`${name}:${port}`, onLoopback)).toBeUndefined();
    }),
  );
});

test('any text is judged without a throw', () => {
  assert(
    property(string(), (text) => {
      expect(['own', 'given', undefined]).toContain(hostKind(text, { ...onLoopback, boundHost: '::1' }));
    }),
  );
});

test('an IPv6 address that the server is bound to is allowed in brackets', () => {
  expect(hostKind('[::1]:80', { ...onLoopback, boundHost: '::1' })).toBe('own');
  expect(hostKind('::1', { ...onLoopback, boundHost: '::1' })).toBeUndefined();
});

test('a server on loopback answers to names that its operator has given, and to no other addresses', () => {
  expect(hostKind('hub.lan', { ...onLoopback, others: ['hub.lan'] })).toBe('given');
  for (const host of ['192.0.2.1', 'hub-1', '127.0.0.2']) expect(hostKind(host, onLoopback)).toBeUndefined();
});

test("elsewhere a server answers to addresses, the machine's name and given names, and to no others", () => {
  for (const host of ['192.0.2.1:8080', '[2001:db8::1]:8080', 'HUB-1', 'telemetry.example.org'])
    expect(hostKind(host, onAll)).toBe('given');
  expect(hostKind('localhost:8080', onAll)).toBe('own');
  for (const host of ['evil.example', 'hub-1.evil.example', 'telemetry.example.org.evil.example', ''])
    expect(hostKind(host, onAll)).toBeUndefined();
});

test('an IPv4 address that came over an IPv6 socket is one of IPv4, and a zone is no part of an address', () => {
  expect(plainAddress('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
});
