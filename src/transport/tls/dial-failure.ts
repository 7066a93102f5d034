import { reasonOf, systemErrorCode } from '../../core/system-error.ts';

/** Where was dialled. */
interface Dialled {
  readonly host: string;
  readonly port: number;
}

/** Why there is no connection, and what to do. */
export function dialFailure(error: Error, dialled: Dialled): string {
  const code = systemErrorCode(error) ?? '';
  const words = reasons[code];
  if (words !== undefined) return words(dialled, error);
  if (code.startsWith('ERR_SSL_')) {
    return `the TLS handshake failed: ${code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ')}`;
  }
  return reasonOf(error);
}

/** The server shows another certificate than the pinned one. Both are fingerprints. */
export function otherCertificate({ shown, pinned }: { readonly shown: string; readonly pinned: string }): string {
  return `the server's certificate has the fingerprint ${shown}, and ${pinned} is pinned; if the server was set up anew or was given another certificate, its log tells the fingerprint (event certificate): pin that one, or join again; if not, somebody else answers in its place`;
}

const unknownIssuer = (): string =>
  "the server's certificate is from an issuer that this machine does not know; pin its fingerprint, which the server's log tells (event certificate), with tls.fingerprint, or give the issuer's certificate with tls.ca";

const notTls = ({ host, port }: Dialled): string =>
  `what answers at ${host} port ${port} does not speak TLS; see whether that is the port of the server's tls:// listener (34568 unless it says otherwise)`;

/** By the library's code. */
const reasons: Readonly<Record<string, (dialled: Dialled, error: Error) => string>> = {
  CERT_HAS_EXPIRED: () =>
    "the server's certificate, or one between it and its CA, has expired by this machine's clock; renew it on the server, or set the clock",
  CERT_NOT_YET_VALID: () =>
    "the server's certificate, or one between it and its CA, is not valid yet by this machine's clock; see whether the clock is right",
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }, error) =>
    `the server's certificate is for another name than ${host}${namesIn(error)}; dial a name that it is for, or pin its fingerprint with tls.fingerprint`,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: () => 'the server does not speak TLS 1.3',
  ECONNRESET: ({ host, port }) =>
    `${host} port ${port} closed the connection during the TLS handshake; see whether that is the port of the server's tls:// listener, and what its log says (event tls-failed)`,
};

/** The names that the certificate is for, as the library tells them. */
function namesIn(error: Error): string {
  if (!('cert' in error) || typeof error.cert !== 'object' || error.cert === null) return '';
  const names = 'subjectaltname' in error.cert ? error.cert.subjectaltname : undefined;
  return typeof names === 'string' ? ` (${names})` : '';
}
