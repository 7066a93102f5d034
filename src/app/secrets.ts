import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 16 random bytes, base64url: a `client_id`, or a token (protocol 3). */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/** 8 random hex digits (protocol 4). */
export function drawEpoch(): string {
  return randomBytes(4).toString('hex');
}

/** The tag of protocol 5: the first 16 bytes of HMAC-SHA256 of `text` under the bytes of `token`, base64url. */
export function tag(token: string, text: string): string {
  return createHmac('sha256', Buffer.from(token, 'base64url'))
    .update(text)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** Lower-case hex of the SHA-256 of `text` as UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
