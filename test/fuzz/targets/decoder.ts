import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { encodeFrames } from '../../../src/framing/encoder.ts';
import { decode, frame } from '../../framing/frames.ts';
import { Random } from '../../sim/random.ts';
import { decodedPlainly } from '../plain-decoder.ts';
import { kindOf, must, type Target } from '../target.ts';

const header = fc.stringMatching(/^[0-9 ]{16}$/);

/** Any bytes, cut anywhere, give the frames and the fault that the plainest decoder finds, with one buffer of 256 bytes at most. */
export const decoder: Target = {
  seeds: [
    '113             !RGTR{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"2026-11-21T10:00:00Z","v":2,"epoch":"5f2c91e0"}',
    '5               !DISC17              !UPDT: RECEIVED 2',
    '!INFO: RECEIVED15              !INFO: RECEIVED!DISC: RECEIVED',
    '11              !INFOäöü5               !DISC',
    `240             !INFO${'x'.repeat(235)}`,
    'GET / HTTP/1.1\r\n\r\n',
    '\u0016\u0003\u0001\u0002',
  ],
  words: [
    '!INFO',
    '!DISC',
    ': RECEIVED',
    '!INFO: RECEIVED',
    '5               ',
    '240',
    '241',
    '005',
    ' '.repeat(15),
    'é',
  ],
  generated: fc.oneof(
    fc.array(frame, { maxLength: 6 }).map(encodeFrames),
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(header, fc.uint8Array({ maxLength: 260 })).map(([text, rest]) => Buffer.concat([Buffer.from(text), rest])),
  ),
  run(input) {
    const plain = decodedPlainly(input);
    const random = new Random(crc32(input));
    for (const lengths of [[], onesFor(input), cutsFor(input, random), cutsFor(input, random)]) {
      assert.deepEqual(decode(input, lengths), plain);
    }
    if (crc32(input) % 16 === 0) seeMemory(input, cutsFor(input, random));
    const bare = plain.frames.filter((one) => one.bare).length;
    const counted = [plain.frames.length, bare].map((count) => Math.min(count, 3));
    return `${counted.join(' ')} ${plain.holding} ${kindOf(plain.failure ?? '')}`;
  },
};

function onesFor(input: Uint8Array): number[] {
  return Array.from(input, () => 1);
}

function cutsFor(input: Uint8Array, random: Random): number[] {
  return Array.from({ length: Math.ceil(input.length / 8) }, () => random.integer(0, 40));
}

/** Whatever is read, no more than one buffer is ever made, and that of a frame's size. */
function seeMemory(input: Uint8Array, lengths: readonly number[]): void {
  const sizes: unknown[] = [];
  const plain = globalThis.Uint8Array;
  class Counted extends plain {
    // Views of a buffer are no buffers.
    static get [Symbol.species](): typeof plain {
      return plain;
    }
    constructor(length: number) {
      super(length);
      sizes.push(length);
    }
  }
  Reflect.set(globalThis, 'Uint8Array', Counted);
  try {
    decode(input, lengths);
  } finally {
    globalThis.Uint8Array = plain;
  }
  must(
    sizes.length <= 1 && sizes.every((size) => size === 256),
    `one buffer of 256 bytes is made, not ${sizes.join()}`,
  );
}
