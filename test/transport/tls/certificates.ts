import { makeCertificate } from '../../../src/app/certificate/make-certificate.ts';
import type { TlsCredentials } from '../../../src/transport/tls/credentials.ts';
import { X509Certificate } from 'node:crypto';
import { fingerprintOf } from '../../../src/transport/tls/fingerprint.ts';

/** A certificate as a server makes it: for `localhost` and the loopback addresses, for ten years from `fromMs` on. */
export async function freshCredentials(
  fromMs = Date.now(),
): Promise<TlsCredentials & { readonly fingerprint: string }> {
  const credentials = await makeCertificate('bench-03', fromMs);
  return { ...credentials, fingerprint: fingerprintOf(new X509Certificate(credentials.certificate)) };
}
