import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import { offered, type TlsCredentials } from '../../transport/tls/credentials.ts';
import { fingerprintOf } from '../../transport/tls/fingerprint.ts';

/** A certificate with its key, fit for use. */
export interface ServerCertificate extends TlsCredentials {
  /** By which clients can pin it: the SHA-256 of the certificate in DER, 64 hexadecimal digits in lower case. */
  readonly fingerprint: string;
  /** Milliseconds since 1970, UTC. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Where it was read. */
  readonly file: string;
}

/** Two texts, and the files that they were read from. */
export interface CertificateTexts extends TlsCredentials {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Sees that a certificate and a key in PEM can be read, belong together, and can be served. Throws a CodedError `tls-unusable`. Dates are not looked at. */
export function checkCertificate(texts: CertificateTexts): ServerCertificate {
  const { certificate, key, certificateFile, keyFile } = texts;
  const parsed = parseCertificate(certificate, certificateFile);
  if (!parsed.checkPrivateKey(parseKey(key, keyFile))) {
    throw unusable(
      `${keyFile}: it is not the key of the first certificate in ${certificateFile}; give the two that were made together, the server's own certificate first`,
    );
  }
  try {
    createSecureContext(offered(texts));
  } catch (cause) {
    throw unusable(
      `${certificateFile}: it cannot be served (${libraryReason(cause)}); it may be damaged below its first certificate, or its key too short`,
      cause,
    );
  }
  return {
    certificate,
    key,
    fingerprint: fingerprintOf(parsed),
    notBeforeMs: parsed.validFromDate.getTime(),
    notAfterMs: parsed.validToDate.getTime(),
    file: certificateFile,
  };
}

/** An error of what `tls.certificate` and its like name; `words` say which file, what is wrong, and what to do. */
export function unusable(words: string, cause?: unknown): CodedError {
  return new CodedError('tls-unusable', words, { exitCode: 2, cause });
}

function parseCertificate(pem: string, file: string): X509Certificate {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    const found = pem.includes('PRIVATE KEY-----') ? 'a private key, and no certificate' : 'no certificate in PEM';
    throw unusable(`${file}: it holds ${found}; it is to begin with -----BEGIN CERTIFICATE-----`);
  }
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw unusable(
      `${file}: its certificate cannot be read (${libraryReason(cause)}); copy it anew, from BEGIN to END`,
      cause,
    );
  }
}

function parseKey(pem: string, file: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw unusable(
      `${file}: its key has a passphrase, which nobody enters when the server starts; openssl pkey -in ${file} -out NEW writes it without`,
    );
  }
  if (!pem.includes('PRIVATE KEY-----')) {
    throw unusable(`${file}: it holds no private key in PEM; it is to have a line -----BEGIN PRIVATE KEY-----`);
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw unusable(`${file}: its key cannot be read (${libraryReason(cause)}); copy it anew, from BEGIN to END`, cause);
  }
}

/** The library's last words are the telling ones; the first name its source files. */
function libraryReason(error: unknown): string {
  const code = systemErrorCode(error)?.replace(/^ERR_(OSSL|SSL)_/, '');
  return code === undefined ? reasonOf(error) : code.toLowerCase().replaceAll('_', ' ');
}
