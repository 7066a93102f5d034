/** What a machine that holds a key is asked (protocol 6). */
export interface Challenge {
  /** 32 random bytes of the server, base64url without padding. */
  readonly nonce: string;
  /** The data of the `!RGTR` that is being answered. */
  readonly registration: string;
  /** Of the connection. */
  readonly binding: string;
}

/** What it answers: all base64url without padding. */
export interface Proof {
  /** The raw 32 bytes of an Ed25519 key. */
  readonly publicKey: string;
  /** 64 bytes, over `signedText`. */
  readonly signature: string;
  /** To join. */
  readonly token: string | undefined;
}

const nonceForm = /^[A-Za-z0-9_-]{43}$/;
// The bits of the last characters that stand for no byte are 0: a key has one text, or it would be known under several.
const proofForm = /^([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]) ([A-Za-z0-9_-]{85}[AQgw])(?: ([A-Za-z0-9_-]{22,96}))?$/;

/** Whether the data of a server's `!AUTH` is a nonce. */
export function isNonce(data: string): boolean {
  return nonceForm.test(data);
}

/** The proof in the data of a client's `!AUTH`; undefined where it is none. */
export function parseProof(data: string): Proof | undefined {
  const [, publicKey, signature, token] = proofForm.exec(data) ?? [];
  if (publicKey === undefined || signature === undefined) return undefined;
  return { publicKey, signature, token };
}

export function proofData({ publicKey, signature, token }: Proof): string {
  return token === undefined ? `${publicKey} ${signature}` : `${publicKey} ${signature} ${token}`;
}

/** The text that is signed. `sha256` gives the digest of a text as UTF-8, base64url without padding. */
export function signedText({ nonce, registration, binding }: Challenge, sha256: (text: string) => string): string {
  return `telemetry-auth-v2\n${nonce}\n${sha256(registration)}\n${binding}`;
}
