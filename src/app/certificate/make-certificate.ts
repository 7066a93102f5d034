// Has to be there before the library is, which reads its metadata (docs/decisions/x509.md).
import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsCredentials } from '../../transport/tls/credentials.ts';

/** ECDSA with P-256: every TLS 1.3 library has it, and a handshake costs a tenth of what RSA does. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const yearsMax = 10;
/** A client whose clock is behind takes it as well. */
const beforeMs = 86_400_000;

/** What a certificate may hold as a name: others stay out of it. */
const nameForm = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/;
const commonNameMax = 64;

/** Makes a key, and a certificate for it that it has signed itself: for `hostname` and this machine's own addresses, from `nowMs` (since 1970) on for ten years. */
export async function makeCertificate(hostname: string, nowMs: number): Promise<TlsCredentials> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = [...(nameForm.test(hostname) ? [hostname] : []), 'localhost'];
  const notAfter = new Date(nowMs);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + yearsMax);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [names[0]?.slice(0, commonNameMax) ?? 'localhost'] }],
    notBefore: new Date(nowMs - beforeMs),
    notAfter,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...new Set(names).values().map((value) => ({ type: 'dns', value }) as const),
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** 16 random bytes, in hexadecimal digits; the first keeps it positive and in full length. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
