import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { certificateWarning } from '../../../src/app/certificate/certificate-warning.ts';
import { makeCertificate } from '../../../src/app/certificate/make-certificate.ts';
import { openCertificate } from '../../../src/app/certificate/open-certificate.ts';
import type { TlsCredentials } from '../../../src/transport/tls/credentials.ts';
import { temporaryFolder } from './folder.ts';

const nowMs = Date.UTC(2026, 10, 21);
const dayMs = 86_400_000;
let made: TlsCredentials;
let other: TlsCredentials;

beforeAll(async () => {
  made = await makeCertificate('telemetry.example.org', nowMs);
  other = await makeCertificate('telemetry.example.org', nowMs);
});

/** Writes both into `top`, and opens them. */
function openGiven(top: string, { certificate, key }: TlsCredentials): ReturnType<typeof openCertificate> {
  const given = { certificate: join(top, 'server.pem'), key: join(top, 'server.key') };
  writeFileSync(given.certificate, certificate);
  writeFileSync(given.key, key);
  return openCertificate({ given, folder: join(top, 'tls'), hostname: 'bench-03', clock: { wallMs: () => nowMs } });
}

test('the files of the user are taken as they are', async () => {
  using top = temporaryFolder();
  const opened = await openGiven(top.path, made);
  expect(opened).toMatchObject({ ...made, file: join(top.path, 'server.pem') });
  expect(opened.notAfterMs).toBe(Date.UTC(2036, 10, 21));
});

test('a chain is taken, the first certificate being the server’s', async () => {
  using top = temporaryFolder();
  const certificate = made.certificate + other.certificate;
  const alone = await openGiven(top.path, made);
  expect(await openGiven(top.path, { certificate, key: made.key })).toMatchObject({
    certificate,
    fingerprint: alone.fingerprint,
  });
});

test.each<[string, (made: TlsCredentials) => TlsCredentials, string]>([
  [
    'a certificate file with a key',
    ({ key }) => ({ certificate: key, key }),
    'server.pem: it holds a private key, and no certificate',
  ],
  ['an empty certificate file', ({ key }) => ({ certificate: '', key }), 'server.pem: it holds no certificate in PEM'],
  [
    'a damaged certificate',
    ({ certificate, key }) => ({ certificate: certificate.replace(/\n.{10}/, '\nAAAAAAAAAA'), key }),
    'server.pem: its certificate cannot be read',
  ],
  [
    'a chain that is damaged further below',
    ({ certificate, key }) => ({ certificate: certificate + certificate.replace(/\n.{10}/, '\nAAAAAAAAAA'), key }),
    'server.pem: it cannot be served',
  ],
  [
    'a key file with a certificate',
    ({ certificate }) => ({ certificate, key: certificate }),
    'server.key: it holds no private key in PEM',
  ],
  [
    'a damaged key',
    ({ certificate, key }) => ({ certificate, key: key.replace(/\n.{10}/, '\nAAAAAAAAAA') }),
    'server.key: its key cannot be read',
  ],
  [
    'a key with a passphrase',
    ({ certificate, key }) => ({
      certificate,
      key: createPrivateKey(key)
        .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'secret' })
        .toString(),
    }),
    'server.key: its key has a passphrase, which nobody enters when the server starts; openssl pkey -in',
  ],
  [
    'a key of another certificate',
    ({ certificate }) => ({ certificate, key: other.key }),
    'server.key: it is not the key of the first certificate in',
  ],
  [
    'a key of another kind',
    ({ certificate }) => ({
      certificate,
      key: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    }),
    'server.key: it is not the key of the first certificate in',
  ],
])('%s is told with its file', async (_name, spoil, words) => {
  using top = temporaryFolder();
  await expect(openGiven(top.path, spoil(made))).rejects.toMatchObject({
    code: 'tls-unusable',
    exitCode: 2,
    message: expect.stringContaining(words),
  });
});

test('a file that is missing, is a folder, or is far too large is told with its setting', async () => {
  using top = temporaryFolder();
  const certificate = join(top.path, 'server.pem');
  const key = join(top.path, 'server.key');
  const open = (): ReturnType<typeof openCertificate> =>
    openCertificate({ given: { certificate, key }, folder: '', hostname: '', clock: { wallMs: () => nowMs } });
  await expect(open()).rejects.toThrow(`${certificate}: there is no such file; see what tls.certificate says`);
  writeFileSync(certificate, Buffer.alloc(1_048_577));
  await expect(open()).rejects.toThrow(`${certificate}: it is over 1 MiB; give a file in PEM (tls.certificate)`);
  writeFileSync(certificate, made.certificate);
  mkdirSync(key);
  await expect(open()).rejects.toThrow(`${key}: it cannot be read (EISDIR); see what tls.key says`);
});

test('a warning begins 30 days before the end, and tells how to renew', async () => {
  using top = temporaryFolder();
  const opened = await openGiven(top.path, made);
  const given = { ...opened, isOwn: false };
  const { notAfterMs } = opened;
  expect(certificateWarning(given, notAfterMs - 30 * dayMs - 1)).toBeUndefined();
  expect(certificateWarning(given, notAfterMs - 30 * dayMs)).toContain('expires on 2036-11-21');
  expect(certificateWarning(given, notAfterMs - 1)).toContain('put a new one in its place and send the server SIGHUP');
  expect(certificateWarning(given, notAfterMs)).toContain('has expired on 2036-11-21');
  expect(certificateWarning({ ...opened, isOwn: true }, notAfterMs)).toContain(
    'move its folder away and start the server anew',
  );
});

test('a certificate that is not valid yet is warned of, up to its first moment', async () => {
  using top = temporaryFolder();
  const opened = { ...(await openGiven(top.path, made)), isOwn: false };
  expect(certificateWarning(opened, nowMs - dayMs - 1)).toContain('is valid from 2026-11-20 on only');
  expect(certificateWarning(opened, nowMs - dayMs)).toBeUndefined();
});
