import { createHash, type X509Certificate } from 'node:crypto';

/** The SHA-256 of a certificate in DER: 64 hexadecimal digits in lower case. */
export function fingerprintOf(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex');
}
