import { reasonOf, systemErrorCode } from '../../core/system-error.ts';

/** What a server says of a handshake that a client did not bring to its end. The library's own words name its source files. */
export function handshakeFailure(error: Error): string {
  const code = systemErrorCode(error) ?? '';
  const known = reasons[code];
  if (known !== undefined) return known;
  const alert = /^ERR_SSL_(?:TLSV1|TLSV13|SSLV3|SSL\/TLS)_ALERT_(.+)$/.exec(code)?.[1];
  if (alert !== undefined) return `the client refused: ${words(alert)}`;
  if (code.startsWith('ERR_SSL_')) return `no TLS that can be served: ${words(code.slice('ERR_SSL_'.length))}`;
  return reasonOf(error);
}

const notTls = 'what came is no TLS; plain clients have a listener of their own, tcp://';
const untrusted = 'the client does not trust the certificate; it is to pin its fingerprint, or to know its CA';

/** By the library's code. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_HTTP_REQUEST: 'what came is HTTP, which has a listener of its own (--http)',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'what came is HTTP, which has a listener of its own (--http)',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the client does not speak TLS 1.3',
  ERR_SSL_NO_SHARED_CIPHER: 'the client has no cipher of TLS 1.3 that is served',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: untrusted,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: untrusted,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: untrusted,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the certificate has expired, says the client',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the TLS handshake took too long',
  ECONNRESET: 'the peer left during the TLS handshake',
};

function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
