import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { isNonce, parseProof, proofData, signedText } from '../../../src/session/proof.ts';
import { frameData, must, textOf, type Target } from '../target.ts';

const base64url = /^[A-Za-z0-9_-]*$/;
const [key, signature, token] = [32, 64, 16].map((count) => Buffer.alloc(count, 0xa5).toString('base64url'));
const field = fc
  .tuple(fc.constantFrom(0, 15, 16, 31, 32, 33, 63, 64, 65, 72), fc.nat(255))
  .map(([count, byte]) => Buffer.alloc(count, byte).toString('base64url'));

/** The data of `!AUTH` is two or three fields of the right lengths, or nothing at all; what is signed can be read in one way. */
export const proof: Target = {
  seeds: [`${key} ${signature} ${token}`, `${key} ${signature}`, `${key}`, `${key} ${signature} `],
  words: [' ', '  ', '\n', '=', '+', '/', '-', '_', `${key}`, `${signature}`, `${token}`, 'é'],
  generated: fc.oneof(
    fc.array(field, { maxLength: 4 }).map((fields) => fields.join(' ')),
    fc.string({ maxLength: 240 }),
  ),
  run(input) {
    const whole = textOf(input).toWellFormed();
    for (const text of [whole, frameData(whole)]) {
      const found = parseProof(text);
      const fields = text.split(' ');
      assert.equal(found === undefined, !isProof(fields));
      if (found !== undefined) {
        assert.equal(proofData(found), text);
        assert.deepEqual(parseProof(proofData(found)), found);
      }
      assert.equal(isNonce(text), base64url.test(text) && text.length === 43);
      seeSignedText(text);
    }
    const fields = frameData(whole).split(' ');
    return `${Math.min(fields.length, 5)} ${isProof(fields)} ${fields
      .map((one) => base64url.test(one))
      .slice(0, 4)
      .join()}`;
  },
};

/** Whether `text` is the base64url of so many bytes, and the only text that is: a key that had two would be two keys. */
function isOf(byteCount: number, text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === byteCount && bytes.toString('base64url') === text;
}

/** As protocol 6 says it. */
function isProof(fields: readonly string[]): boolean {
  const [publicKey = '', signed = '', joinToken] = fields;
  if (fields.length > 3 || !isOf(32, publicKey) || !isOf(64, signed)) return false;
  if (joinToken !== undefined && !base64url.test(joinToken)) return false;
  return joinToken === undefined || (joinToken.length >= 22 && joinToken.length <= 96);
}

/** Whatever a client puts into its registration, the four lines that are signed stay four. */
function seeSignedText(text: string): void {
  const sha256 = (one: string): string => createHash('sha256').update(one).digest('base64url');
  const lines = signedText({ nonce: `${key}`, registration: text, binding: '-' }, sha256).split('\n');
  assert.deepEqual(lines, ['telemetry-auth-v2', key, sha256(text), '-']);
  must(lines.length === 4, 'what is signed has four lines');
}
