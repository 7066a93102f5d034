// Has to be there before the library is, which reads its metadata (docs/decisions/x509.md).
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsCredentials } from '../../src/transport/tls/credentials.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** Whom a certificate is for, and until when. */
export interface Issue {
  readonly dnsName: string;
  readonly ipAddress?: string;
  readonly notAfterMs?: number;
}

/** A CA of a test: its own certificate, in PEM, and what it signs. */
export interface CertificateAuthority {
  readonly certificate: string;
  issue(wanted: Issue): Promise<TlsCredentials>;
}

export async function createAuthority(): Promise<CertificateAuthority> {
  const keys = await generate();
  const notBefore = new Date(Date.now() - 30 * dayMs);
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=The CA of a test',
    notBefore,
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  let issued = 1;
  return {
    certificate: own.toString('pem'),
    async issue({ dnsName, ipAddress, notAfterMs = Date.now() + dayMs }) {
      const { publicKey, privateKey } = await generate();
      issued += 1;
      const certificate = await X509CertificateGenerator.create({
        serialNumber: issued.toString(16).padStart(2, '0'),
        subject: `CN=${dnsName}`,
        issuer: own.subject,
        notBefore,
        notAfter: new Date(notAfterMs),
        signingAlgorithm: algorithm,
        publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension([
            { type: 'dns', value: dnsName },
            ...(ipAddress === undefined ? [] : [{ type: 'ip', value: ipAddress } as const]),
          ]),
        ],
      });
      const key = KeyObject.from(privateKey).export({ format: 'pem', type: 'pkcs8' }).toString();
      return { certificate: certificate.toString('pem'), key };
    },
  };
}

async function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
