import { createServer } from 'node:net';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialTls } from '../../../src/transport/tls/dial-tls.ts';
import { makeCertificate } from '../../../src/app/certificate/make-certificate.ts';
import { freshCredentials } from './certificates.ts';
import { bytesOf, Listening } from './listening.ts';

const elevenYearsMs = 11 * 366 * 86_400_000;
let credentials: Awaited<ReturnType<typeof freshCredentials>>;
let listening: Listening;

beforeAll(async () => {
  credentials = await freshCredentials();
  listening = await Listening.start({ credentials });
});

afterAll(() => listening[Symbol.asyncDispose]());

test('a pinned fingerprint is enough, whatever the name', async () => {
  expect(await listening.dial({ fingerprint: credentials.fingerprint }, '127.0.0.1')).toBeTypeOf('object');
  expect(await listening.dial({ fingerprint: credentials.fingerprint }, 'localhost')).toBeTypeOf('object');
});

test('a pinned certificate may have expired', async () => {
  const expired = await freshCredentials(Date.now() - elevenYearsMs);
  await using old = await Listening.start({ credentials: expired });
  expect(await old.dial()).toBeTypeOf('object');
});

test('another certificate than the pinned one is refused with both fingerprints, and nothing is written', async () => {
  await using other = await Listening.start();
  const reason = await other.dial({ fingerprint: credentials.fingerprint });
  expect(reason).toContain(`has the fingerprint ${other.fingerprint}, and ${credentials.fingerprint} is pinned`);
  expect(reason).toContain('if the server was set up anew');
  // Not even the end of the handshake.
  expect((await other.failures.next()).reason).toBe('the peer left during the TLS handshake');
  expect(other.accepted.length).toBe(0);
});

test('the fingerprint goes before a CA', async () => {
  const other = await freshCredentials();
  expect(await listening.dial({ fingerprint: other.fingerprint, ca: credentials.certificate })).toContain('is pinned');
  expect(await listening.dial({ fingerprint: credentials.fingerprint, ca: '' })).toBeTypeOf('object');
});

test('a certificate of the given CA is trusted for its names', async () => {
  expect(await listening.dial({ ca: credentials.certificate }, 'localhost')).toBeTypeOf('object');
  expect(await listening.dial({ ca: credentials.certificate }, '127.0.0.1')).toBeTypeOf('object');
});

test('a certificate for another name is refused', async () => {
  await using elsewhere = await Listening.start({ credentials, host: '127.0.0.2' });
  const reason = await elsewhere.dial({ ca: credentials.certificate }, '127.0.0.2');
  expect(reason).toContain('is for another name than 127.0.0.2 (DNS:bench-03, DNS:localhost, IP Address:127.0.0.1');
  expect(reason).toContain('tls.fingerprint');
});

test('a certificate that has expired is refused', async () => {
  const expired = await freshCredentials(Date.now() - elevenYearsMs);
  await using old = await Listening.start({ credentials: expired });
  expect(await old.dial({ ca: expired.certificate })).toContain('has expired');
});

test('a certificate that is not valid yet is refused', async () => {
  const early = await freshCredentials(Date.now() + 7 * 86_400_000);
  await using soon = await Listening.start({ credentials: early });
  expect(await soon.dial({ ca: early.certificate })).toContain('see whether the clock is right');
});

test.each(['the CA is another', 'the CAs are those of the system'])(
  'an unknown issuer is refused where %s',
  async (where) => {
    const { certificate } = await makeCertificate('bench-04', Date.now());
    const reason = await listening.dial(where === 'the CA is another' ? { ca: certificate } : {});
    expect(reason).toContain('is from an issuer that this machine does not know; pin its fingerprint');
  },
);

test.each(['', 'garbage', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'a CA that is none is told before anything is dialled: %j',
  (ca) => {
    expect(() => dialTls({ host: '127.0.0.1', port: 1, verify: { ca } })).toThrow(
      expect.objectContaining({ code: 'tls-unusable', exitCode: 2, message: expect.stringMatching(/^tls\.ca: /) }),
    );
  },
);

test('a server that speaks no TLS is told as such', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('38              !FAILbad-frame no header\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const reason = await new Promise<unknown>((resolve) => {
    dialTls({ host: '127.0.0.1', port, verify: credentials })({ connected: resolve, failed: resolve });
  });
  server.close();
  expect(reason).toContain(`what answers at 127.0.0.1 port ${port} does not speak TLS`);
});

test('a server of TLS 1.2 is refused', async () => {
  const server = createTlsServer({ cert: credentials.certificate, key: credentials.key, maxVersion: 'TLSv1.2' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const reason = await new Promise<unknown>((resolve) => {
    dialTls({ host: '127.0.0.1', port, verify: credentials })({ connected: resolve, failed: resolve });
  });
  server.close();
  expect(reason).toBe('the server does not speak TLS 1.3');
});

test('a port on which nobody listens is told with the reason', async () => {
  const closed = await Listening.start({ credentials });
  await closed.listener.close();
  expect(await closed.dial()).toContain('ECONNREFUSED');
});

test('a dial that was given up tells nothing', async () => {
  const outcomes: unknown[] = [];
  const outcome = {
    connected: (link: unknown) => outcomes.push(link),
    failed: (reason: string) => outcomes.push(reason),
  };
  dialTls({ host: '127.0.0.1', port: listening.listener.port, verify: credentials })(outcome)();
  // The next one is through after whatever became of the first.
  const { here } = await listening.pair();
  here.write(bytesOf('hello'));
  expect(outcomes).toEqual([]);
});
