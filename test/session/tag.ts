import { createHash, createHmac } from 'node:crypto';

/** The tag of protocol 5, made with the system's HMAC and not with ours. */
export function tag(token: string, text: string): string {
  const key = Buffer.from(token, 'base64url');
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url');
}

/** Lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The bytes 00 to 0f: the token of protocol 9. */
export const token = Buffer.from(Array.from({ length: 16 }, (_, index) => index)).toString('base64url');
/** The bytes 10 to 1f. */
export const otherToken = Buffer.from(Array.from({ length: 16 }, (_, index) => index + 16)).toString('base64url');
