import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/** What a server shows and proves itself with. */
export interface TlsCredentials {
  /** Its certificate, then those between it and its CA, in PEM. */
  readonly certificate: string;
  /** The private key of the first, in PEM, without a passphrase. */
  readonly key: string;
}

/** TLS 1.3 and nothing older: it has no renegotiation, and no cipher that was broken since. */
const versions = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;

/** AES-128 first: of a frame's cost in TLS the cipher is the smallest part where the processor has AES, and ChaCha20 is for those that have not. */
const ciphers = 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384';

/** What both sides speak. */
export const spoken: SecureContextOptions = { ...versions, ciphers };

/**
 * What a listener speaks. No tickets that hold a session: a thousand clients come back at once when the server was started anew, and then it cannot read the
 * old ones; and each would lend a session's secrets to the next.
 */
export function offered({ certificate, key }: TlsCredentials): SecureContextOptions {
  return {
    ...spoken,
    cert: certificate,
    key,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}
