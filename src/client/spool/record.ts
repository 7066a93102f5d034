import { crc32 } from 'node:zlib';
import { assert } from '../../core/assert.ts';

/** The longest payload of a record: what is longer is split by its writer, and is no length to a reader. */
export const recordBytesMax = 65_536;

const lineFeed = 0x0a;
const space = 0x20;
const checksumDigits = 8;

/**
 * A record is a line: the CRC-32 of the rest in 8 hex digits, a space, the payload's length in bytes, a space, the payload, LF. The
 * payload is JSON and holds no LF. `seed` is the checksum that the record's begins with.
 */
export function encodeRecord(payload: string, seed: number): string {
  const length = Buffer.byteLength(payload);
  assert(length <= recordBytesMax, `a record of ${length} bytes`);
  const rest = `${length} ${payload}`;
  return `${crc32(rest, seed).toString(16).padStart(checksumDigits, '0')} ${rest}\n`;
}

/** What lies in a segment: a record whose checksum is right, or bytes that are none. From `at` to before `end`. */
export type Found =
  | { readonly type: 'record'; readonly payload: string; readonly at: number; readonly end: number }
  | { readonly type: 'damage'; readonly at: number; readonly end: number };

/**
 * Reads records one after another. The next one is where the length of this one says; where there is no record with a right
 * checksum, reading goes on behind the next LF that is followed by one. So a wrong byte costs its record, be it in the length or the LF itself.
 */
export class RecordReader {
  readonly #bytes: Buffer;
  readonly #seed: number;
  #at: number;
  /** A record that was found behind damage. */
  #ahead: Found | undefined;

  constructor(bytes: Buffer, { at, seed }: { readonly at: number; readonly seed: number }) {
    this.#bytes = bytes;
    this.#at = at;
    this.#seed = seed;
  }

  /** Undefined at the end. Two damages never follow one another. */
  next(): Found | undefined {
    const ahead = this.#ahead;
    if (ahead !== undefined) {
      this.#ahead = undefined;
      return ahead;
    }
    const at = this.#at;
    if (at >= this.#bytes.length) return undefined;
    let record = this.#recordAt(at);
    if (record !== undefined) return record;
    let end = at;
    while (record === undefined && end < this.#bytes.length) {
      const feed = this.#bytes.indexOf(lineFeed, end);
      end = feed < 0 ? this.#bytes.length : feed + 1;
      record = this.#recordAt(end);
    }
    this.#at = record?.end ?? end;
    this.#ahead = record;
    return { type: 'damage', at, end };
  }

  /** The record that begins at `at`, and nothing else moves on but the reader behind it. */
  #recordAt(at: number): Found | undefined {
    const bytes = this.#bytes;
    const rest = at + checksumDigits + 1;
    if (bytes[rest - 1] !== space) return undefined;
    const digits = lengthDigits(bytes, rest);
    if (digits === undefined) return undefined;
    const payloadAt = rest + digits + 1;
    const payloadEnd = payloadAt + Number(bytes.toString('latin1', rest, rest + digits));
    // Its LF has to be there, whatever it reads as by now: without it the record's writer was cut off.
    if (payloadEnd >= bytes.length || payloadEnd - payloadAt > recordBytesMax) return undefined;
    const checksum = Number.parseInt(bytes.toString('latin1', at, at + checksumDigits), 16);
    if (crc32(bytes.subarray(rest, payloadEnd), this.#seed) !== checksum) return undefined;
    this.#at = payloadEnd + 1;
    return { type: 'record', payload: bytes.toString('utf8', payloadAt, payloadEnd), at, end: payloadEnd + 1 };
  }
}

/** How many digits the length at `at` has; undefined where there is none with a space behind it. */
function lengthDigits(bytes: Buffer, at: number): number | undefined {
  for (let digits = 0; digits <= 5; digits += 1) {
    const byte = bytes[at + digits];
    if (byte === space && digits > 0) return digits;
    if (byte === undefined || byte < 0x30 || byte > 0x39) return undefined;
  }
  return undefined;
}
