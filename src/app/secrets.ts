import type * as Crypto from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loaded when it is first needed, which for most clients is never: it costs 4 MiB and 5 ms. */
export function crypto(): typeof Crypto {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- require knows no types, and there is no import that does not wait
  const loaded: typeof Crypto = require('node:crypto');
  return loaded;
}

/** 16 random bytes, base64url: a `client_id`, or a token (protocol 3). */
export function randomId(): string {
  return crypto().randomBytes(16).toString('base64url');
}

/** 8 random hex digits (protocol 4). */
export function drawEpoch(): string {
  return (bytesOfKernel(4) ?? crypto().randomBytes(4)).toString('hex');
}

/** The tag of protocol 5: the first 16 bytes of HMAC-SHA256 of `text` under the bytes of `token`, base64url. */
export function tag(token: string, text: string): string {
  return crypto()
    .createHmac('sha256', Buffer.from(token, 'base64url'))
    .update(text)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** Lower-case hex of the SHA-256 of `text` as UTF-8. */
export function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex');
}

/**
 * Random bytes from the kernel, where it offers them as a file. They are new even in two machines that were resumed from one image, which a
 * generator inside the process is not.
 */
function bytesOfKernel(count: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync('/dev/urandom', 'r');
  } catch {
    // Windows has no such file, and a bare container may not have it either.
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(count);
    return readSync(descriptor, bytes) === count ? bytes : undefined;
  } finally {
    closeSync(descriptor);
  }
}
