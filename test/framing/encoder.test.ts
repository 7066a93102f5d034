import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { acknowledgement, framed } from '../../src/framing/frame.ts';
import { bytesOf, command, decode, frame, wire } from './frames.ts';

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

describe('an encoded frame', () => {
  test('is header, command and data, and nothing between', () => {
    expect(text(encodeFrames([framed('!DISC')]))).toBe('5               !DISC');
    expect(text(encodeFrames([framed('!INFO', '{"seq":1}')]))).toBe('14              !INFO{"seq":1}');
    expect(text(encodeFrames([framed('!INFO', 'ä€😀')]))).toBe('14              !INFOä€😀');
  });

  test('has a header for v2 and none for v1 when it acknowledges', () => {
    expect(text(encodeFrames([acknowledgement('!INFO', false)]))).toBe('15              !INFO: RECEIVED');
    expect(text(encodeFrames([acknowledgement('!INFO', true)]))).toBe('!INFO: RECEIVED');
  });

  test('is never over 256 bytes, and decodes to itself', () => {
    fc.assert(
      fc.property(frame, (one) => {
        const bytes = encodeFrames([one]);
        expect(bytes.length).toBeLessThanOrEqual(256);
        expect(decode(bytes).frames).toEqual([one]);
      }),
    );
  });

  test.each(['x', 'é', '€', '😀'])('holds 235 bytes of %s and not one more', (character) => {
    const characterBytes = bytesOf(character).length;
    const most = character
      .repeat(Math.floor(235 / characterBytes))
      .padEnd(Math.floor(235 / characterBytes) * character.length + (235 % characterBytes), 'x');
    expect(bytesOf(most)).toHaveLength(235);
    const bytes = encodeFrames([framed('!INFO', most)]);
    expect(bytes).toHaveLength(256);
    expect(decode(bytes).frames).toEqual([framed('!INFO', most)]);
    expect(() => encodeFrames([framed('!INFO', `${most}x`)])).toThrow('invariant broken: !INFO with a body of');
  });

  test.each([236, 237, 1_000, 100_000])('of %i bytes is refused, ASCII or not', (dataBytes) => {
    expect(() => encodeFrames([framed('!INFO', 'x'.repeat(dataBytes))])).toThrow('invariant broken');
    expect(() => encodeFrames([framed('!INFO', `é${'x'.repeat(dataBytes - 2)}`)])).toThrow('invariant broken');
    expect(() => encodeFrames([framed('!INFO'), framed('!INFO', 'x'.repeat(dataBytes))])).toThrow('invariant broken');
  });

  test.each(['é', '€', '😀'])('that ends within a %s where the frame does is refused, and not cut', (character) => {
    for (let lead = 0; lead < 4; lead += 1) {
      const data = 'x'.repeat(lead) + character.repeat(120);
      expect(() => encodeFrames([framed('!INFO', data)])).toThrow('invariant broken');
    }
  });

  test('after one that was refused is as it should be', () => {
    expect(() => encodeFrames([framed('!INFO', 'é'.repeat(400))])).toThrow('invariant broken');
    expect(text(encodeFrames([framed('!DISC')]))).toBe(wire('!DISC'));
  });

  test('without header is an acknowledgement, or it is refused', () => {
    expect(() => encodeFrames([{ command: '!INFO', data: '{}', bare: true }])).toThrow('!INFO without header');
  });

  test('carries a lone surrogate as the replacement character, and its length is right', () => {
    expect(text(encodeFrames([framed('!INFO', '\ud800x')]))).toBe(wire('!INFO\ufffdx'));
  });
});

describe('frames encoded together', () => {
  test('are the bytes of each, one after another', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        const each = frames.flatMap((one) => [...encodeFrames([one])]);
        expect([...encodeFrames(frames)]).toEqual(each);
      }),
    );
  });

  test('of none are no bytes', () => {
    expect(encodeFrames([])).toHaveLength(0);
  });

  test('do not share memory with those encoded before, but for acknowledgements', () => {
    const first = encodeFrames([framed('!INFO', 'first')]);
    encodeFrames([framed('!INFO', 'other')]);
    expect(text(first)).toBe(wire('!INFOfirst'));
  });

  test('acknowledge each command by its own name', () => {
    fc.assert(
      fc.property(command, fc.boolean(), (name, bare) => {
        expect(decode(encodeFrames([acknowledgement(name, bare)])).frames).toEqual([acknowledgement(name, bare)]);
      }),
    );
  });
});
