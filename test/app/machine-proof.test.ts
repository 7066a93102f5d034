import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomNonce, sha256Base64url, verifyProof } from '../../src/app/machine-proof.ts';

/** Test 2 of RFC 8032, 7.1. */
const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex').toString(
  'base64url',
);
const signature = Buffer.from(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  'hex',
).toString('base64url');
const text = 'r';

test('the signature of a published example is that of its key, and of no other text', () => {
  expect(verifyProof({ publicKey, signature, text })).toBe(true);
  expect(verifyProof({ publicKey, signature, text: 's' })).toBe(false);
  expect(verifyProof({ publicKey, signature: signature.replace('k', 'l'), text })).toBe(false);
  expect(verifyProof({ publicKey: `A${publicKey.slice(1)}`, signature, text })).toBe(false);
});

test('whatever a peer sends for key and signature, it has signed nothing, and nothing is thrown', () => {
  const part = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.constantFrom('', publicKey, signature, 'A'.repeat(43), '_'.repeat(86)),
  );
  fc.assert(
    fc.property(part, part, (key, other) => {
      if (key !== publicKey || other !== signature)
        expect(verifyProof({ publicKey: key, signature: other, text: 'something else' })).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('a digest is the SHA-256 in base64url without padding, and a nonce is 32 bytes that do not come again', () => {
  expect(sha256Base64url('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  const nonces = Array.from({ length: 100 }, randomNonce);
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new Set(nonces).size).toBe(100);
});
