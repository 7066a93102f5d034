import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { freePort, nobodyPort } from '../free-port.ts';
import { confirming, FakeHub, serve, unitReading, unitView, until } from '../http/fake-hub.ts';
import { temporaryFolder } from '../store/opened.ts';
import { run, start } from './run.ts';

const yearMs = 31_556_952_000;
const tls = await makeCertificate('hub.example', Date.now());
const fingerprint = fingerprintOf(tls.certificate);
const other = await makeCertificate('hub.example', Date.now());
const pinned = { TELEMETRY_API_FINGERPRINT: fingerprint };

function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
}

function caFile(text: string): string {
  const file = join(temporaryFolder(), 'ca.pem');
  writeFileSync(file, text);
  return file;
}

/** Something else that listens on TCP. */
async function listening(server: Server): Promise<AsyncDisposable & { readonly url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `https://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('over TLS with a pinned fingerprint', () => {
  test.for([
    ['as the server says it', fingerprint],
    ['as openssl says it', new X509Certificate(tls.certificate).fingerprint256],
  ] as const)('%s the units are listed', async ([, text]) => {
    await using api = await serve({ tls });
    const { exitCode, stdout, stderr } = await run(`units --api-fingerprint ${text}`, { api: api.url });
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining('bench-03'), '']);
  });

  test('an interval is changed, and its confirmation waited for', async () => {
    await using api = await serve({ tls });
    api.hub.onLook = confirming;
    const { exitCode, stdout } = await run('interval bench-03 5', { api: api.url, env: pinned });
    expect([exitCode, stdout]).toEqual([0, 'bench-03: every 5 s, confirmed\n']);
    expect(api.hub.asked).toEqual([{ clientId: unitView().client_id, seconds: 5 }]);
  });

  test('tail follows the readings, and leaves when it is told to', async () => {
    await using api = await serve({ tls });
    const following = start('tail --json', { api: api.url, env: pinned });
    for (const seq of [1, 2]) {
      await until(() => {
        api.hub.commit(unitReading(seq));
        return following.stdout().includes(`"seq":${seq}`);
      }, 'the reading');
    }
    following.end();
    expect([await following.exitCode, following.stderr()]).toEqual([0, '']);
  });

  test('the end of tail is the end of its connection', async () => {
    let closed = false;
    const server = createTlsServer({ cert: tls.certificate, key: tls.key }, (socket) => {
      socket.on('error', () => undefined).on('close', () => (closed = true));
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: x\n'));
    });
    await using api = await listening(server);
    const following = start('tail', { api: api.url, env: pinned });
    await once(server, 'secureConnection');
    following.end();
    expect(await following.exitCode).toBe(0);
    await until(() => closed, 'the end of the connection');
  });

  test('export prints all readings, however many', async () => {
    const hub = new FakeHub(unitView());
    const count = 20_000;
    hub.kept = {
      async *query() {
        for (let seq = 1; seq <= count; seq += 1) yield unitReading(seq);
      },
    };
    await using api = await serve({ hub, tls });
    const { exitCode, stdout } = await run('export --json', { api: api.url, env: pinned });
    expect([exitCode, stdout.split('\n').length - 1]).toEqual([0, count]);
  });

  test('another certificate is refused, and is not sent a byte of the request', async () => {
    let received = '';
    const server = createTlsServer({ cert: other.certificate, key: other.key }, (socket) => {
      socket.on('data', (bytes) => (received += String(bytes)));
      socket.on('error', () => undefined);
    });
    let ended = 0;
    server.on('connection', (socket) => socket.on('close', () => (ended += 1)));
    await using impostor = await listening(server);
    const env = { ...pinned, TELEMETRY_API_TOKEN: 'thub_secret' };
    for (const line of ['units', 'tail']) {
      const { exitCode, stderr } = await run(line, { api: impostor.url, env });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-certificate]')]);
      expect(stderr).toContain(`has the certificate ${fingerprintOf(other.certificate)}, and not ${fingerprint}`);
    }
    // Not tried again: it would be refused again.
    await until(() => ended === 2, 'both ends');
    expect(received).toBe('');
  });

  test('neither name nor date nor issuer matter', async () => {
    const expired = await makeCertificate('elsewhere.example', Date.now() - 20 * yearMs);
    await using api = await serve({ tls: expired });
    const line = `units --api-fingerprint ${fingerprintOf(expired.certificate)}`;
    expect((await run(line, { api: api.url })).exitCode).toBe(0);
  });
});

describe('over TLS with a CA', () => {
  test('a certificate that it vouches for is taken, and one that it does not is not', async () => {
    await using api = await serve({ tls });
    const right = await run(`units --api-ca ${caFile(tls.certificate)}`, { api: api.url });
    expect([right.exitCode, right.stderr]).toEqual([0, '']);
    const env = { TELEMETRY_API_CA: caFile(other.certificate) };
    const { exitCode, stderr } = await run('units', { api: api.url, env });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('see whether --api-ca has the right certificates')]);
  });

  test('one that has expired is not taken', async () => {
    const expired = await makeCertificate('hub.example', Date.now() - 20 * yearMs);
    await using api = await serve({ tls: expired });
    const { exitCode, stderr } = await run(`units --api-ca ${caFile(expired.certificate)}`, { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('has expired (CERT_HAS_EXPIRED)')]);
  });

  test('one for another name is not taken', async () => {
    await using api = await serve({ tls, host: '127.0.0.2' });
    const url = `https://127.0.0.2:${api.port}`;
    const { exitCode, stderr } = await run(`units --api-ca ${caFile(tls.certificate)}`, { api: url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('is for another name')]);
  });
});

describe('over TLS', () => {
  test('a certificate that nobody vouches for is refused, with the fingerprint that one may compare', async () => {
    await using api = await serve({ tls });
    const { exitCode, stderr } = await run('units', { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-certificate]')]);
    expect(stderr).toContain(`give --api-fingerprint ${fingerprint}`);
    expect(api.hub.asked).toEqual([]);
  });

  test('a server that is not there, or starts again, is as without TLS', async () => {
    const nobody = `https://127.0.0.1:${nobodyPort}`;
    const { exitCode, stderr } = await run('units', { api: nobody, env: pinned });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('(ECONNREFUSED)')]);
    const before = await serve({ tls, port: await freePort() });
    await before.close();
    const waiting = start('units', { api: before.url, env: pinned, patience: { retries: 1000 } });
    await using _again = await serve({ tls, port: before.port });
    expect(await waiting.exitCode).toBe(0);
  });

  test('a server that speaks none is said to', async () => {
    await using api = await serve();
    const { exitCode, stderr } = await run('units', { api: api.url.replace('http:', 'https:') });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`is the API at ${api.url}?`)]);
  });

  test('a server that never answers, to the handshake or to the request, is given up', async () => {
    const sockets = new Set<{ destroy(): unknown }>();
    await using mute = await listening(createTcpServer((socket) => void sockets.add(socket)));
    await using deaf = await listening(
      createTlsServer({ cert: tls.certificate, key: tls.key }, (socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
      }),
    );
    for (const { url } of [mute, deaf])
      for (const line of ['units', 'tail']) {
        const { exitCode, stderr } = await run(line, { api: url, env: pinned, patience: { callMsMax: 300 } });
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-timeout]')]);
      }
    for (const socket of sockets) socket.destroy();
  });

  test('a server that stops in the midst of its answer is given up', async () => {
    const server = createTlsServer({ cert: tls.certificate, key: tls.key }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n['));
    });
    await using slow = await listening(server);
    const { exitCode, stderr } = await run('units', { api: slow.url, env: pinned, patience: { callMsMax: 300 } });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-timeout]')]);
  });

  test('to end it during the handshake is the end at once', async () => {
    let came = 0;
    await using mute = await listening(
      createTcpServer((socket) => {
        came += 1;
        socket.resume().on('error', () => undefined);
      }),
    );
    const waiting = start('units', { api: mute.url, env: pinned });
    await until(() => came === 1, 'the connection');
    waiting.end();
    expect([await waiting.exitCode, waiting.stderr()]).toEqual([1, 'telemetryctl: ended before the answer.\n']);
  });

  test.for([
    ['ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[', 'api-answer-broken'],
    ['is no HTTP', 'hello\r\n\r\n', 'api-unreachable'],
    ['is of another program', 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno', 'api-not-telemetry'],
    ['leads elsewhere', 'HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n', 'api-not-telemetry'],
    ['has no content', 'HTTP/1.1 204 No Content\r\n\r\n', 'api-not-telemetry'],
  ] as const)('an answer that %s is a failure of its own', async ([, answer, code]) => {
    await using odd = await listening(
      createTlsServer({ cert: tls.certificate, key: tls.key }, (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(answer));
      }),
    );
    const { exitCode, stderr } = await run('units', { api: odd.url, env: pinned });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`[${code}]`)]);
  });
});

describe('the proof of a server', () => {
  test.for([
    [`--api-fingerprint ${fingerprint}`, '--api-fingerprint is given, and http://127.0.0.1:8080/ is no https://'],
    ['--api-ca x', '--api-ca is given, and http://127.0.0.1:8080/ is no https://'],
    ['--api https://h --api-fingerprint 12:34', '--api-fingerprint is "12:34"; it is the SHA-256 of a certificate'],
    [`--api https://h --api-fingerprint ${fingerprint} --api-ca x`, 'one of them is enough'],
    ['--api https://h --api-ca /no/such/file', 'The file with the certificates cannot be read'],
  ] as const)('%s is bad usage', async ([flags, said]) => {
    const { exitCode, stderr } = await run(`units ${flags}`);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  test.for([
    ['nothing', 'there is no certificate in PEM in it'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'cannot be used for --api-ca'],
  ] as const)('a file of %j is bad usage', async ([content, said]) => {
    const { exitCode, stderr } = await run(`units --api https://h --api-ca ${caFile(content)}`);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  test('counts from the environment too, where it is said that it came from there', async () => {
    const { exitCode, stderr } = await run('units', { env: { TELEMETRY_API_CA: 'x' } });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('TELEMETRY_API_CA is given')]);
  });
});
