import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../src/app/certificate/make-certificate.ts';
import { openServerTls, type ServerTls } from '../../../src/app/certificate/server-tls.ts';
import type { Fields } from '../../../src/core/log.ts';
import { Arrivals } from '../../../src/transport/arrivals.ts';
import type { Link } from '../../../src/transport/link.ts';
import type { Listener } from '../../../src/transport/tcp.ts';
import { dialTls } from '../../../src/transport/tls/dial-tls.ts';
import { fingerprintOf } from '../../../src/transport/tls/fingerprint.ts';
import { systemClock } from '../../../src/transport/system-clock.ts';
import { temporaryFolder } from './folder.ts';

interface Told {
  readonly level: string;
  readonly event: string;
  readonly fields: Fields;
}

/** A server's TLS with one listener, and what it told. */
async function start(
  dataDir: string,
  given?: { readonly certificate: string; readonly key: string },
): Promise<
  AsyncDisposable & { tls: ServerTls; listener: Listener; told: Told[]; dial(fingerprint: string): Promise<string> }
> {
  const told: Told[] = [];
  const report = (level: string, event: string, fields: Fields = {}): void => void told.push({ level, event, fields });
  const tls = await openServerTls({ dataDir, given, hostname: 'bench-03', clock: systemClock, report });
  const links: Link[] = [];
  const accept = (link: Link): void => {
    link.listen({ data: () => undefined, drained: () => undefined, ended: () => undefined, closed: () => undefined });
    links.push(link);
  };
  const listener = await tls.listen({ host: '127.0.0.1', port: 0 }, accept, new Arrivals());
  return {
    tls,
    listener,
    told,
    dial: (fingerprint) =>
      new Promise((resolve) => {
        dialTls({ host: '127.0.0.1', port: listener.port, verify: { fingerprint } })({
          connected: (link) => {
            links.push(link);
            resolve('connected');
          },
          failed: resolve,
        });
      }),
    [Symbol.asyncDispose]: async () => {
      for (const link of links) link.destroy();
      await listener.close();
    },
  };
}

test('the fingerprint is told at the start, and is the one that is served', async () => {
  using top = temporaryFolder();
  await using server = await start(top.path);
  const [first, ...others] = server.told;
  const { fingerprint } = server.tls.certificate;
  expect(first).toMatchObject({
    level: 'info',
    event: 'certificate',
    fields: { fingerprint, file: join(top.path, 'tls/certificate.pem') },
  });
  expect(others).toEqual([]);
  expect(await server.dial(fingerprint)).toBe('connected');
});

test('a handshake that came to nothing is one tls-failed with its peer and reason', async () => {
  using top = temporaryFolder();
  await using server = await start(top.path);
  await new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: server.listener.port }, () => socket.write('hello, hello'));
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  expect(server.told.slice(1)).toEqual([
    {
      level: 'warn',
      event: 'tls-failed',
      fields: { peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/), reason: expect.stringContaining('no TLS') },
    },
  ]);
});

test('a reload shows the new file, tells its fingerprint once, and a faulty one changes nothing', async () => {
  using top = temporaryFolder();
  const given = { certificate: join(top.path, 'server.pem'), key: join(top.path, 'server.key') };
  const write = async (fromMs: number): Promise<string> => {
    const made = await makeCertificate('bench-03', fromMs);
    writeFileSync(given.certificate, made.certificate);
    writeFileSync(given.key, made.key);
    return fingerprintOf(new X509Certificate(made.certificate));
  };
  const first = await write(Date.now());
  await using server = await start(top.path, given);
  expect(await server.dial(first)).toBe('connected');
  const second = await write(Date.now() - 11 * 366 * 86_400_000);
  expect((await server.tls.reload(given)).fingerprint).toBe(second);
  expect((await server.tls.reload(given)).fingerprint).toBe(second);
  expect(await server.dial(second)).toBe('connected');
  expect(await server.dial(first)).toContain(`has the fingerprint ${second}`);
  writeFileSync(given.key, 'none');
  await expect(server.tls.reload(given)).rejects.toMatchObject({ code: 'tls-unusable' });
  expect(server.tls.certificate.fingerprint).toBe(second);
  expect(await server.dial(second)).toBe('connected');
  const told = server.told.filter(({ event }) => event !== 'tls-failed');
  expect(told.map(({ event, fields }) => [event, fields['fingerprint']])).toEqual([
    ['certificate', first],
    ['certificate', second],
    ['certificate-date', undefined],
  ]);
});

test('the library that makes certificates is loaded by the first start alone', () => {
  using top = temporaryFolder();
  const module = fileURLToPath(new URL('../../../src/app/certificate/open-certificate.ts', import.meta.url));
  const program = `
    const { openCertificate } = await import(${JSON.stringify(module)});
    await openCertificate({ given: undefined, folder: ${JSON.stringify(join(top.path, 'tls'))}, hostname: 'x', clock: { wallMs: Date.now } });
    console.log('getMetadata' in Reflect);`;
  const run = (): string =>
    execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    }).trim();
  expect([run(), run()]).toEqual(['true', 'false']);
});
