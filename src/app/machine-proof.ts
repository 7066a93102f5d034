import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';

/** 32 random bytes, base64url: what a machine is asked to sign (protocol 6). */
export function randomNonce(): string {
  return randomBytes(32).toString('base64url');
}

/** 24 random bytes, base64url: more than a join token has to be (protocol 6). */
export function randomJoinToken(): string {
  return randomBytes(24).toString('base64url');
}

/** The SHA-256 of `text` as UTF-8, base64url without padding. */
export function sha256Base64url(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether `signature` is that of the Ed25519 key over `text`; both base64url. What is no key, or no signature, has signed nothing. */
export function verifyProof({
  publicKey,
  signature,
  text,
}: {
  readonly publicKey: string;
  readonly signature: string;
  readonly text: string;
}): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  } catch {
    // The key is whatever a stranger sent.
    return false;
  }
}
