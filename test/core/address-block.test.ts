import { expect, test } from 'vitest';
import { addressBlock, isLoopback } from '../../src/core/address-block.ts';

test('an IPv4 address counts for itself', () => expect(addressBlock('192.0.2.7')).toBe('192.0.2.7'));

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0::/64'],
  ['1::4:5:6:7:8', '1:0:0:4::/64'],
  ['fe80::1', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['64:ff9b:1:2:3:4:192.0.2.7', '64:ff9b:1:2::/64'],
])('an IPv6 address counts for its /64: %s', (address, block) => expect(addressBlock(address)).toBe(block));

test.each(['127.0.0.1', '127.255.255.254', '::1', 'localhost'])('%s is loopback', (address) =>
  expect(isLoopback(address)).toBe(true),
);

test.each(['128.0.0.1', '12.7.0.0', '::', '::127', '2001:db8::1', '127.evil.example', ''])(
  '%s is not loopback',
  (address) => expect(isLoopback(address)).toBe(false),
);
