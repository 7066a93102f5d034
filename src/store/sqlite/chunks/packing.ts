import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { TornBytes } from './byte-reader.ts';

const plain = 1;
const deflated = 2;
/** Fewer bytes are hardly ever shorter deflated, and to begin deflating costs more than all else of a small chunk. */
const deflatedBytesMin = 160;
/** No chunk is near this: a damaged one must not fill the memory. */
const bytesMax = 16 * 1024 * 1024;

/** A byte that says how the rest is written, and the rest: deflated (RFC 1951) where that is shorter. */
export function packed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const shorter = bytes.length < deflatedBytesMin ? undefined : deflateRawSync(bytes);
  const isShorter = shorter !== undefined && shorter.length < bytes.length;
  const rest = isShorter ? shorter : bytes;
  const all = new Uint8Array(1 + rest.length);
  all[0] = isShorter ? deflated : plain;
  all.set(rest, 1);
  return all;
}

/** Throws TornBytes. */
export function unpacked(bytes: Uint8Array): Uint8Array {
  const rest = bytes.subarray(1);
  if (bytes[0] === plain) return rest;
  if (bytes[0] !== deflated) throw new TornBytes('packed in an unknown way');
  try {
    return inflateRawSync(rest, { maxOutputLength: bytesMax });
  } catch {
    throw new TornBytes('not to be inflated');
  }
}
