import { X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../src/app/certificate/make-certificate.ts';
import { openCertificate } from '../../../src/app/certificate/open-certificate.ts';
import { temporaryFolder } from './folder.ts';

const nowMs = Date.UTC(2026, 10, 21, 10, 0, 0);

function open(top: string, { atMs = nowMs, hostname = 'bench-03' } = {}): ReturnType<typeof openCertificate> {
  return openCertificate({ given: undefined, folder: join(top, 'tls'), hostname, clock: { wallMs: () => atMs } });
}

/** The code and words of what a promise is rejected with. */
async function refusal(opening: Promise<unknown>): Promise<{ readonly code: unknown; readonly message: string }> {
  const error = await opening.then(
    () => expect.unreachable('it was opened'),
    (error: unknown) => error,
  );
  return { code: error instanceof Error && 'code' in error ? error.code : undefined, message: String(error) };
}

test('the first start makes a key of P-256 and a certificate for the machine, for ten years', async () => {
  using top = temporaryFolder();
  const opened = await open(top.path);
  const certificate = new X509Certificate(opened.certificate);
  expect(certificate.subjectAltName).toBe(
    'DNS:bench-03, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  expect(certificate.subject).toBe('CN=bench-03');
  expect(certificate.validToDate.toISOString()).toBe('2036-11-21T10:00:00.000Z');
  expect(certificate.validFromDate.toISOString()).toBe('2026-11-20T10:00:00.000Z');
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const key = createPrivateKey(opened.key);
  expect([key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve]).toEqual(['ec', 'prime256v1']);
  expect(certificate.checkPrivateKey(key)).toBe(true);
});

test('serial numbers are random, positive, and of 16 bytes', async () => {
  const serials = new Set<string>();
  for (let count = 0; count < 16; count += 1) {
    const { certificate } = await makeCertificate('bench-03', nowMs);
    const { serialNumber } = new X509Certificate(certificate);
    expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    serials.add(serialNumber);
  }
  expect(serials.size).toBe(16);
});

test('the fingerprint is the SHA-256 of the certificate in DER, and the end of its time is told', async () => {
  using top = temporaryFolder();
  const opened = await open(top.path);
  const certificate = new X509Certificate(opened.certificate);
  expect(opened.fingerprint).toBe(createHash('sha256').update(certificate.raw).digest('hex'));
  expect(opened.fingerprint).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase());
  expect(opened.notAfterMs).toBe(Date.UTC(2036, 10, 21, 10, 0, 0));
});

test('both files and their folder are for their user alone', async () => {
  using top = temporaryFolder();
  await open(top.path);
  const mode = (path: string): string => (statSync(join(top.path, path)).mode & 0o777).toString(8);
  expect([mode('tls'), mode('tls/certificate.pem'), mode('tls/key.pem')]).toEqual(['700', '600', '600']);
  expect(readdirSync(top.path)).toEqual(['tls']);
});

test('every later start finds the same, even after its end', async () => {
  using top = temporaryFolder();
  const first = await open(top.path);
  const later = await open(top.path, { atMs: Date.UTC(2040, 0, 1), hostname: 'renamed' });
  expect(later).toEqual(first);
});

test('a name that no certificate can hold is left out', async () => {
  using top = temporaryFolder();
  const { certificate } = await open(top.path, { hostname: 'Büro PC' });
  expect(new X509Certificate(certificate).subjectAltName).toMatch(/^DNS:localhost, IP Address/);
});

test('the name localhost is there once', async () => {
  using top = temporaryFolder();
  const { certificate } = await open(top.path, { hostname: 'localhost' });
  expect(new X509Certificate(certificate).subjectAltName).toMatch(/^DNS:localhost, IP Address/);
});

test('what a crash left of the first start is made anew, and an empty folder gives way', async () => {
  using top = temporaryFolder();
  mkdirSync(join(top.path, 'tls.partial'));
  writeFileSync(join(top.path, 'tls.partial', 'certificate.pem'), 'half of one');
  mkdirSync(join(top.path, 'tls'));
  const opened = await open(top.path);
  expect(opened.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(readdirSync(top.path)).toEqual(['tls']);
});

test.each([
  ['certificate.pem', 'key.pem'],
  ['key.pem', 'certificate.pem'],
])('a %s that is missing is told, and the other is left as it is', async (missing, other) => {
  using top = temporaryFolder();
  await open(top.path);
  const before = readFileSync(join(top.path, 'tls', other), 'utf8');
  rmSync(join(top.path, 'tls', missing));
  const { code, message } = await refusal(open(top.path));
  expect(code).toBe('tls-unusable');
  expect(message).toContain(
    `${missing}: it is missing; restore both files from a backup, or move ${top.path}/tls away`,
  );
  expect(readFileSync(join(top.path, 'tls', other), 'utf8')).toBe(before);
  expect(existsSync(join(top.path, 'tls', missing))).toBe(false);
});

test.each(['certificate.pem', 'key.pem'])('a damaged %s is told, and never replaced', async (name) => {
  using top = temporaryFolder();
  const file = join(top.path, 'tls', name);
  await open(top.path);
  for (const length of [0, 40, 150]) {
    truncateSync(file, length);
    const { code, message } = await refusal(open(top.path));
    expect(code).toBe('tls-unusable');
    expect(message).toContain(file);
    expect(message).toContain('from a backup');
    expect(statSync(file).size).toBe(length);
  }
});

test('a key of another certificate is told', async () => {
  using top = temporaryFolder();
  using other = temporaryFolder();
  await open(top.path);
  const { key } = await open(other.path);
  writeFileSync(join(top.path, 'tls', 'key.pem'), key);
  expect((await refusal(open(top.path))).message).toContain('it is not the key of the first certificate in');
});

test('a folder that cannot be written to is told, and nothing is left there', async () => {
  using top = temporaryFolder();
  // A file in the place of the folder refuses even root.
  const inside = join(top.path, 'file');
  writeFileSync(inside, '');
  chmodSync(inside, 0o600);
  const { code, message } = await refusal(open(inside));
  expect(code).toMatch(/^(folder-unwritable|tls-unusable)$/);
  expect(message).toContain('ENOTDIR');
});
