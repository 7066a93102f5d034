import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAddress } from '../../src/session/ip-address.ts';
import { jsonBytes } from '../../src/session/json-text.ts';
import {
  grantData,
  isClientId,
  parseGrant,
  parseRegistration,
  registrationData,
  type Grant,
  type Registration,
} from '../../src/session/registration.ts';
import { hostileText } from './hostile-text.ts';

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 48 })
  .filter((text) => jsonBytes(text) <= 48 && !/[\p{Cc}\u2028\u2029]/u.test(text));
const ip = fc.oneof(fc.ipV4(), fc.ipV6());
const epoch = fc.stringMatching(/^[0-9a-f]{8}$/);
const clientId = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/);
const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const interval = fc.integer({ min: 100, max: 86_400_000 }).map((milliseconds) => milliseconds / 1000);

const registration: fc.Arbitrary<Registration> = fc.oneof(
  fc.record({
    name,
    ip,
    udpPort: fc.nat(65_535),
    time: fc.constant('2026-11-21T10:00:00Z'),
    v: fc.constant(2 as const),
    epoch,
    id: fc.option(clientId, { nil: undefined }),
  }),
  fc.record({
    name,
    ip,
    udpPort: fc.nat(65_535),
    time: fc.constant('10:00:00'),
    v: fc.constant(1 as const),
    epoch: fc.constant(undefined),
    id: fc.constant(undefined),
  }),
);

const grantOf2: fc.Arbitrary<Grant> = fc.record({
  clientId,
  tcpPort: fc.integer({ min: 1, max: 65_535 }),
  seconds: interval,
  v: fc.constant(2 as const),
  seq: safe,
  rev: safe,
  token: fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
});

describe('a registration', () => {
  test('comes back from its data as it was, and fits into a frame', () => {
    fc.assert(
      fc.property(registration, (one) => {
        const data = registrationData(one);
        expect(parseRegistration(data)).toEqual(one);
        expect(new TextEncoder().encode(data).length).toBeLessThanOrEqual(235);
      }),
    );
  });

  test('is never more than its words: parsing does not throw, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const one = parseRegistration(text);
        if (typeof one === 'string') expect(one).not.toBe('');
        else expect(parseRegistration(registrationData(one))).toEqual(one);
      }),
    );
  });

  test('of the longest members fits into a frame', () => {
    const longest: Registration = {
      name: 'x'.repeat(48),
      ip: '2001:db8:1111:2222:3333:4444:255.255.255.255',
      udpPort: 65_535,
      time: '2026-11-21T10:00:00Z',
      v: 2,
      epoch: '5f2c91e0',
      id: 'x'.repeat(24),
    };
    expect(registrationData(longest).length).toBeLessThanOrEqual(235);
    expect(parseRegistration(registrationData(longest))).toEqual(longest);
  });
});

describe('a grant', () => {
  test('comes back from its data as it was, and fits into a frame', () => {
    fc.assert(
      fc.property(grantOf2, (one) => {
        expect(parseGrant(grantData(one))).toEqual(one);
        expect(grantData(one).length).toBeLessThanOrEqual(235);
        const v1 = { ...one, v: 1, seq: 0, rev: 0, token: '' } as const;
        expect(parseGrant(grantData(v1))).toEqual(v1);
      }),
    );
  });

  test('is never more than its words: parsing does not throw, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const one = parseGrant(text);
        if (typeof one === 'string') expect(one).not.toBe('');
        else if (one.v === 2) expect(isClientId(one.clientId)).toBe(true);
      }),
    );
  });

  test.each([
    ['the oldest servers', '{"client_id":"7","port":34567,"interval":10}', { clientId: '7', tcpPort: 34567 }],
    ['servers that count', '{"client_id":7,"tcp_port":1,"interval":10}', { clientId: '7', tcpPort: 1 }],
    ['servers that say v', '{"client_id":"7","tcp_port":1,"interval":10,"v":1}', { clientId: '7', tcpPort: 1 }],
    ['servers without a port', '{"client_id":"7","interval":10}', { clientId: '7', tcpPort: 0 }],
  ])('of %s is one of v1', (_, data, members) => {
    expect(parseGrant(data)).toEqual({ ...members, seconds: 10, v: 1, seq: 0, rev: 0, token: '' });
  });
});

describe('an address', () => {
  test('is what the system takes for one, without zone', () => {
    const nearly = fc
      .tuple(ip, fc.nat(), fc.constantFrom(':', '::', '.', '0', '1', 'f', 'g', '25', '256', '%', ' ', ''))
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1));
    const pieces = fc.array(fc.constantFrom(':', '::', '0', 'ab', '1234', '12345', '1.2.3.4', '.', '%1'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          ip,
          nearly,
          pieces.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(isAddress(text)).toBe((isIPv4(text) || isIPv6(text)) && !text.includes('%'));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8',
    '::ffff:192.0.2.7',
    'FE80::1',
    '0.0.0.0',
  ])('is %s', (text) => {
    expect(isAddress(text)).toBe(true);
  });

  test.each([
    '',
    ':',
    ':::',
    '1:2',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '12345::',
    '::g',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.4.',
    '::1.2.3.4:1',
    '1.2.3.4::',
    '::1%eth0',
    ' ::1',
  ])('is not %j', (text) => {
    expect(isAddress(text)).toBe(false);
  });
});
