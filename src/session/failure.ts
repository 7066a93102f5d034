import { limits } from '../core/limits.ts';
import { framed, type Frame } from '../framing/frame.ts';

/** The codes of `!FAIL` (protocol 7). */
export type FailureCode =
  | 'bad-registration'
  | 'bad-reading'
  | 'unknown-command'
  | 'not-registered'
  | 'bad-frame'
  | 'too-many'
  | 'not-allowed'
  | 'pending'
  | 'store-unavailable'
  | 'shutting-down';

/** `!FAIL` with words for a person, cut to what a frame holds. */
export function failure(code: FailureCode, words: string): Frame {
  let data = `${code} ${words}`.slice(0, limits.dataBytesMax);
  const encoder = new TextEncoder();
  while (encoder.encode(data).length > limits.dataBytesMax) data = data.slice(0, -8);
  return framed('!FAIL', data);
}

/** Code and words in the data of `!FAIL`. */
export function parseFailure(data: string): { readonly code: string; readonly words: string } {
  const at = data.indexOf(' ');
  return at < 0 ? { code: data, words: '' } : { code: data.slice(0, at), words: data.slice(at + 1) };
}
