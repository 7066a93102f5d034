import { createHash } from 'node:crypto';
import { signedText, type Challenge, type Proof } from '../../src/session/proof.ts';

/** Of a text as UTF-8, base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The nonce of that number. */
export function nonceOf(number: number): string {
  return sha256(`nonce ${number}`);
}

/** The public half of the key that whoever knows `secret` holds. */
export function keyOf(secret: string): string {
  return sha256(`public ${secret}`);
}

/** A signature that needs no curve, is the same every time, and that nobody makes without the secret. */
export function sign(secret: string, challenge: Challenge, token?: string): Proof {
  const publicKey = keyOf(secret);
  secrets.set(publicKey, secret);
  return { publicKey, signature: signatureOf(secret, signedText(challenge, sha256)), token };
}

export function verify({
  publicKey,
  signature,
  text,
}: {
  readonly publicKey: string;
  readonly signature: string;
  readonly text: string;
}): boolean {
  const secret = secrets.get(publicKey);
  return secret !== undefined && signature === signatureOf(secret, text);
}

/** Secrets by public key: what the curve would be for. */
const secrets = new Map<string, string>();

/** 64 bytes, as base64url. */
function signatureOf(secret: string, text: string): string {
  return createHash('sha512').update(`${secret}\n${text}`).digest('base64url');
}
