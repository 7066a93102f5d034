import { assert, domain, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { hostAllowed, isLoopback } from '../../src/http/host-check.ts';

test('loopback addresses are known as such, others are not', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', 'LOCALHOST']) expect(isLoopback(host)).toBe(true);
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.evil.example', 'example.com', ''])
    expect(isLoopback(host)).toBe(false);
});

test('a domain name is never allowed, whatever its port', () => {
  assert(
    property(domain(), nat(65_535), (name, port) => {
      expect(hostAllowed(`${name}:${port}`, '127.0.0.1')).toBe(false);
    }),
  );
});

test('any text is judged without a throw', () => {
  assert(
    property(string(), (text) => {
      expect(typeof hostAllowed(text, '::1')).toBe('boolean');
    }),
  );
});

test('an IPv6 address that the server is bound to is allowed in brackets', () => {
  expect(hostAllowed('[::1]:80', '::1')).toBe(true);
  expect(hostAllowed('::1', '::1')).toBe(false);
});
