import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed, type Frame } from '../../src/framing/frame.ts';
import { ProtocolError } from '../../src/framing/protocol-error.ts';
import { bytesOf, chunkLengths, decode, frame, wire } from './frames.ts';

/** Bytes that get far into a decoder: whole frames, and frames that a byte was changed, cut or put in. */
const nearlyFrames = fc
  .tuple(fc.array(frame, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }))
  .map(([frames, faults]) => {
    const bytes = encodeFrames(frames).slice();
    for (const [at, value] of faults) bytes[at % bytes.length] = value;
    return bytes;
  });
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  nearlyFrames,
  fc
    .tuple(fc.stringMatching(/^[0-9 ]{16}$/), fc.uint8Array({ maxLength: 300 }))
    .map(([header, rest]) => Uint8Array.of(...bytesOf(header), ...rest)),
);

describe('a stream of frames', () => {
  test('comes back as the same frames, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), chunkLengths, (frames, lengths) => {
        expect(decode(encodeFrames(frames), lengths)).toEqual({ frames, failure: undefined, holding: false });
      }),
      { numRuns: 300 },
    );
  });

  test('gives a frame as soon as its last byte is there, and none before', () => {
    const bytes = bytesOf(wire('!INFOäöü'));
    const decoder = new FrameDecoder();
    for (let at = 0; at < bytes.length - 1; at += 1) expect(decoder.push(bytes.subarray(at, at + 1))).toEqual([]);
    expect(decoder.push(bytes.subarray(-1))).toEqual([{ command: '!INFO', data: 'äöü', bare: false }]);
  });

  test('may be pushed in no bytes at all', () => {
    const decoder = new FrameDecoder();
    expect(decoder.push(new Uint8Array())).toEqual([]);
    expect(decoder.holding).toBe(false);
  });

  test('is held from the first byte of a frame to its last', () => {
    const bytes = bytesOf(wire('!INFO'));
    for (let length = 1; length < bytes.length; length += 1) expect(decode(bytes.slice(0, length)).holding).toBe(true);
    expect(decode(bytes).holding).toBe(false);
  });
});

describe('any bytes', () => {
  test('give the same frames and the same fault, however they are cut', () => {
    fc.assert(
      fc.property(anyBytes, chunkLengths, (bytes, lengths) => {
        const oneByteEach = Array.from(bytes, () => 1);
        const whole = decode(bytes);
        expect(decode(bytes, lengths)).toEqual(whole);
        expect(decode(bytes, oneByteEach)).toEqual(whole);
      }),
      { numRuns: 600 },
    );
  });

  test('that were decoded are those that the encoder writes, but for leading zeros', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const { frames, failure, holding } = decode(bytes);
        fc.pre(failure === undefined && !holding);
        expect(encodeFrames(frames)).toEqual(withoutLeadingZeros(bytes));
      }),
    );
  });

  test('after a fault are not looked at', () => {
    const decoder = new FrameDecoder();
    expect(decoder.push(bytesOf(`${wire('!DISC')}x${wire('!INFO')}`))).toEqual([
      { command: '!DISC', data: '', bare: false },
    ]);
    const { failure } = decoder;
    expect(failure).toBeInstanceOf(ProtocolError);
    expect(failure?.code).toBe('bad-frame');
    expect(decoder.push(bytesOf(wire('!INFO')))).toEqual([]);
    expect(decoder.failure).toBe(failure);
    expect(decoder.holding).toBe(false);
  });
});

describe('memory', () => {
  test('a decoder copies only the frame that is cut, into a buffer of 256 bytes', () => {
    const sizes: unknown[] = [];
    const Plain = Uint8Array;
    class Counted extends Plain {
      // Views of the buffer are not buffers.
      static get [Symbol.species](): typeof Plain {
        return Plain;
      }
      constructor(length: number) {
        super(length);
        sizes.push(length);
      }
    }
    const frames = Array.from({ length: 50 }, () => framed('!INFO', 'x'.repeat(235)));
    const whole = encodeFrames(frames);
    const decoder = new FrameDecoder();
    const pieces: Frame[] = [];
    vi.stubGlobal('Uint8Array', Counted);
    try {
      decoder.push(whole);
      expect(sizes).toEqual([]);
      for (let at = 0; at < whole.length; at += 100) pieces.push(...decoder.push(whole.subarray(at, at + 100)));
    } finally {
      vi.unstubAllGlobals();
    }
    expect(pieces).toEqual(frames);
    expect(sizes).toEqual([256]);
  });
});

/** Whole frames, with their headers as an encoder writes them. */
function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const written = bytes.slice();
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === 0x21) {
      at += '!INFO: RECEIVED'.length;
      continue;
    }
    const bodyBytes = Number(new TextDecoder().decode(bytes.subarray(at, at + 16)));
    written.set(new TextEncoder().encode(String(bodyBytes).padEnd(16)), at);
    at += 16 + bodyBytes;
  }
  return written;
}
