import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { signedText, type Challenge, type Proof } from '../src/session/proof.ts';

/** The key of one unit of the load, in memory. */
export interface LoadKey {
  /** Answers a server that asks for it. */
  prove(challenge: Challenge): Proof;
}

/** A new one, as a machine makes it at its first start. */
export function createLoadKey(): LoadKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const text = publicKey.export({ format: 'jwk' }).x ?? '';
  return {
    prove: (challenge) => {
      const signed = Buffer.from(signedText(challenge, sha256));
      return { publicKey: text, signature: sign(null, signed, privateKey).toString('base64url'), token: undefined };
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
