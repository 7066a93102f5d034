import { describe, expect, test } from 'vitest';
import type { Form } from '../../src/config/kind.ts';
import { orOff } from '../../src/config/kind.ts';
import { age } from '../../src/config/kinds/age.ts';
import { hostAndPort, hostName, listenAddress, serverAddress } from '../../src/config/kinds/address.ts';
import { choice, yesOrNo } from '../../src/config/kinds/choice.ts';
import { fingerprint } from '../../src/config/kinds/fingerprint.ts';
import { integer, seconds } from '../../src/config/kinds/number.ts';
import { path } from '../../src/config/kinds/path.ts';
import { size } from '../../src/config/kinds/size.ts';
import { unitName } from '../../src/config/kinds/unit-name.ts';

const place = { resolvePath: (text: string) => `/there/${text}` };

/** The value of a text, or its fault after a dash. */
function read(form: Form<unknown>, text: string): unknown {
  const parsed = form.parse(text, place);
  return parsed.ok ? parsed.value : `- ${parsed.fault}`;
}

describe('seconds', () => {
  const interval = seconds({ noun: 'interval', min: 0.1, max: 86_400 });
  const wrong = '- it is a number of seconds from 0.1 to 86400';

  test.each([
    ['0.1', 0.1],
    ['.5', 0.5],
    ['5', 5],
    ['5.0', 5],
    ['+5', 5],
    ['1e1', 10],
    ['0.101', 0.101],
    ['86399.999', 86_399.999],
    ['86400', 86_400],
    ['0.099', '- the shortest interval is 0.1 s'],
    ['0', '- the shortest interval is 0.1 s'],
    ['-5', '- the shortest interval is 0.1 s'],
    ['86400.001', '- the longest interval is 86400 s'],
    ['1e99', '- the longest interval is 86400 s'],
    ['0.1001', '- it has at most three decimals'],
    ['', wrong],
    [' 5', wrong],
    ['5s', wrong],
    ['five', wrong],
    ['NaN', wrong],
    ['Infinity', wrong],
    ['0x10', wrong],
    ['5,5', wrong],
  ])('%j is %j', (text, value) => expect(read(interval, text)).toBe(value));

  test('every multiple of 0.001 that can be written is one', () => {
    const wrong: string[] = [];
    for (let thousandths = 100; thousandths < 86_400_000; thousandths += 997) {
      const text = (thousandths / 1000).toFixed(3);
      if (read(interval, text) !== Number(text)) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a whole number', () => {
  const port = orOff(integer({ noun: 'port', min: 0, max: 65_535, placeholder: 'PORT' }));

  test.each([
    ['0', 0],
    ['-0', 0],
    ['65535', 65_535],
    ['off', undefined],
    ['-1', '- the lowest port is 0'],
    ['65536', '- the highest port is 65535'],
    ['1.5', '- it is a whole number from 0 to 65535'],
    ['OFF', '- it is a whole number from 0 to 65535'],
    ['', '- it is a whole number from 0 to 65535'],
  ])('%j is %j', (text, value) => expect(read(port, text)).toBe(value));
});

describe('an age', () => {
  const keep = age({ min: 3_600_000, max: 100 * 86_400_000 });
  const wrong = '- it is a number of hours, days or weeks from 1h to 100d, such as 12h, 30d or 52w';

  test.each([
    ['1h', 3_600_000],
    ['36h', 36 * 3_600_000],
    ['30d', 30 * 86_400_000],
    ['2w', 14 * 86_400_000],
    ['0h', '- the shortest age is 1h'],
    ['101d', '- the longest age is 100d'],
    ['999999999w', '- the longest age is 100d'],
    ['30', wrong],
    ['30 d', wrong],
    ['1.5d', wrong],
    ['-1d', wrong],
    ['1y', wrong],
    ['', wrong],
  ])('%j is %j', (text, value) => expect(read(keep, text)).toBe(value));

  test('it is written as it can be read', () => {
    for (const hours of [1, 23, 24, 36, 168, 2_400]) {
      expect(read(keep, String(keep.write(hours * 3_600_000)))).toBe(hours * 3_600_000);
    }
  });
});

describe('a size', () => {
  const fileSize = size({ min: 1024, max: 2 ** 40 });
  const wrong = '- it is a number of bytes from 1KiB to 1024GiB, with KiB, MiB or GiB or without';

  test.each([
    ['1024', 1024],
    ['1KiB', 1024],
    ['10MiB', 10_485_760],
    ['1024GiB', 2 ** 40],
    ['1023', '- the smallest size is 1KiB'],
    ['0MiB', '- the smallest size is 1KiB'],
    ['1025GiB', '- the largest size is 1024GiB'],
    ['1099511627777', '- the largest size is 1024GiB'],
    ['10MB', wrong],
    ['10 MiB', wrong],
    ['1.5MiB', wrong],
    ['-1', wrong],
    ['', wrong],
  ])('%j is %j', (text, value) => expect(read(fileSize, text)).toBe(value));

  test.each([
    [1024, '1KiB'],
    [10_485_760, '10MiB'],
    [1500, 1500],
    [2 ** 31, '2GiB'],
  ])('%j is written %j', (bytes, text) => expect(fileSize.write(bytes)).toBe(text));
});

describe('an address', () => {
  const all = '- there is no host in it; all addresses are [::], or 0.0.0.0 for IPv4 alone';

  test.each([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['[fe80::1%eth0]:1', { host: 'fe80::1%eth0', port: 1 }],
    ['a_b.example.:1', { host: 'a_b.example.', port: 1 }],
    ['off', undefined],
    ['localhost', '- the port is missing: HOST:PORT'],
    [':8080', all],
    ['*:8080', all],
    ['', all],
    ['a:65536', '- a port is a whole number from 0 to 65535'],
    ['a:-1', '- a port is a whole number from 0 to 65535'],
    ['a:', '- a port is a whole number from 0 to 65535'],
    ['::1', '- an IPv6 address stands in brackets, such as [::1]:34567'],
    ['[::1', '- it is HOST:PORT'],
    ['[::g]:1', '- "::g" is not an IPv6 address'],
    ['[1.2.3.4]:1', '- "1.2.3.4" is not an IPv6 address'],
    ['1.2.3:1', '- "1.2.3" is neither a host name nor an IPv4 address'],
    ['1.2.3.256:1', '- "1.2.3.256" is neither a host name nor an IPv4 address'],
    ['1.2.3.04:1', '- "1.2.3.04" is neither a host name nor an IPv4 address'],
    ['a b:1', '- "a b" is neither a host name nor an IPv4 address'],
    ['-a:1', '- "-a" is neither a host name nor an IPv4 address'],
    [`${'a'.repeat(64)}:1`, `- "${'a'.repeat(60)}…" is neither a host name nor an IPv4 address`],
  ])('of HOST:PORT or off: %j is %j', (text, value) => expect(read(orOff(hostAndPort), text)).toEqual(value));

  test.each([
    ['hub', { scheme: 'tcp', host: 'hub', port: 34_567 }],
    ['[2001:db8::1]', { scheme: 'tcp', host: '2001:db8::1', port: 34_567 }],
    ['[2001:db8::1]:4000', { scheme: 'tcp', host: '2001:db8::1', port: 4000 }],
    ['hub:1', { scheme: 'tcp', host: 'hub', port: 1 }],
    ['tcp://hub', { scheme: 'tcp', host: 'hub', port: 34_567 }],
    ['tls://hub', { scheme: 'tls', host: 'hub', port: 34_568 }],
    ['tls://[::1]', { scheme: 'tls', host: '::1', port: 34_568 }],
    ['tls://hub:1', { scheme: 'tls', host: 'hub', port: 1 }],
    ['hub:0', '- a port is a whole number from 1 to 65535'],
    ['tls://hub:0', '- a port is a whole number from 1 to 65535'],
    ['tls://', all],
    ['TLS://hub', '- it is HOST:PORT alone, without a scheme or a path'],
    ['https://hub', '- it is HOST:PORT alone, without a scheme or a path'],
    ['tls://hub/x', '- it is HOST:PORT alone, without a scheme or a path'],
  ])('of a server: %j is %j', (text, value) => expect(read(serverAddress, text)).toEqual(value));

  test.each([
    ['tcp://[::]:34567', { scheme: 'tcp', host: '::', port: 34_567 }],
    ['tcp://0.0.0.0:0', { scheme: 'tcp', host: '0.0.0.0', port: 0 }],
    ['tcp://0.0.0.0', { scheme: 'tcp', host: '0.0.0.0', port: 34_567 }],
    ['tls://[::]:1', { scheme: 'tls', host: '::', port: 1 }],
    ['tls://[::]', { scheme: 'tls', host: '::', port: 34_568 }],
    ['[::]:1', '- it is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568'],
    ['udp://[::]:1', '- it is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568'],
    ['tcp://:1', all],
  ])('of a listener: %j is %j', (text, value) => expect(read(listenAddress, text)).toEqual(value));

  test('what is written is read back', () => {
    for (const text of ['tcp://[::]:34567', 'tcp://a.b:0', 'tls://[fe80::1%eth0]:7']) {
      const parsed = listenAddress.parse(text, place);
      expect(parsed.ok && listenAddress.write(parsed.value)).toBe(text);
    }
    for (const text of ['hub:34567', '[::1]:1', 'tls://hub:34568']) {
      const parsed = serverAddress.parse(text, place);
      expect(parsed.ok && serverAddress.write(parsed.value)).toBe(text);
    }
  });
});

describe('a host without a port', () => {
  const wrong = '- it is a host name or an address without a port, such as telemetry.example.org';

  test.each([
    ['Hub.Example.ORG', 'hub.example.org'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[::1]', '::1'],
    ['hub:1', wrong],
    ['https://hub', wrong],
    ['[hub', wrong],
    ['a b', wrong],
    ['', wrong],
  ])('%j is %j', (text, value) => expect(read(hostName, text)).toBe(value));
});

describe('a fingerprint', () => {
  const wrong = '- it is the SHA-256 of a certificate, 64 hexadecimal digits';
  const digits = '7d5a3f0c9e1b2a4d6c8e0f1a3b5c7d9e2f4a6b8c0d1e3f5a7b9c2d4e6f8a0b1c';

  test.each([
    [digits, digits],
    [digits.toUpperCase(), digits],
    [digits.replaceAll(/(..)(?=.)/g, '$1:'), digits],
    [digits.slice(1), wrong],
    [`${digits}0`, wrong],
    [`${digits.slice(1)}g`, wrong],
    ['', wrong],
  ])('%j is %j', (text, value) => expect(read(fingerprint, text)).toBe(value));
});

describe('a name', () => {
  const wrong = '- it is a text of 1 to 48 bytes without control characters';

  test.each([
    ['x', 'x'],
    ['a'.repeat(48), 'a'.repeat(48)],
    ['ä'.repeat(24), 'ä'.repeat(24)],
    ['"'.repeat(24), '"'.repeat(24)],
    ['a'.repeat(49), '- it has 49 bytes; the longest name has 48'],
    [`${'ä'.repeat(24)}a`, '- it has 49 bytes; the longest name has 48'],
    ['"'.repeat(25), '- it has 50 bytes; the longest name has 48'],
    ['', wrong],
    ['a\nb', wrong],
    ['a\u0085', wrong],
    ['a\ud800', wrong],
  ])('%j is %j', (text, value) => expect(read(unitName, text)).toBe(value));
});

describe('other values', () => {
  test.each([
    ['x', '/there/x'],
    ['~x', '/there/~x'],
    ['', '- it is the path of a folder'],
    ['a\0b', '- it is the path of a folder'],
    ['~', '- ~ is not expanded here; write the path in full'],
    ['~/x', '- ~ is not expanded here; write the path in full'],
  ])('a path: %j is %j', (text, value) => expect(read(path('DIR'), text)).toBe(value));

  test.each([
    ['info', 'info'],
    ['INFO', '- it is one of info, warn'],
    ['', '- it is one of info, warn'],
  ])('a choice: %j is %j', (text, value) => expect(read(choice(['info', 'warn'], 'LEVEL'), text)).toBe(value));

  test.each([
    ['true', true],
    ['false', false],
    ['yes', '- it is true or false'],
  ])('yes or no: %j is %j', (text, value) => expect(read(yesOrNo, text)).toBe(value));
});
