import fc from 'fast-check';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { framed, received, type Frame } from '../../src/framing/frame.ts';

/** What a decoder made of a stream. */
export interface Decoded {
  readonly frames: readonly Frame[];
  readonly failure: string | undefined;
  readonly holding: boolean;
}

/** Feeds `bytes` to a new decoder, cut into chunks of the given lengths; what is left over is the last chunk. */
export function decode(bytes: Uint8Array, chunkLengths: readonly number[] = []): Decoded {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  let at = 0;
  for (const length of [...chunkLengths, bytes.length]) {
    // A chunk of its own, overwritten afterwards, as a socket's buffer may be.
    const chunk = bytes.slice(at, at + length);
    frames.push(...decoder.push(chunk));
    chunk.fill(0xff);
    at += length;
  }
  return { frames, failure: decoder.failure?.message, holding: decoder.holding };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A frame as it stands on the wire, written without the encoder. */
export function wire(body: string): string {
  return String(new TextEncoder().encode(body).length).padEnd(16) + body;
}

export const command = fc.stringMatching(/^![A-Z]{4}$/);

const wellFormed = fc.string({ unit: 'binary', maxLength: 235 });
const data = fc
  .oneof(wellFormed, fc.string({ maxLength: 235 }), fc.constant(received), fc.constant(''))
  .map((text) => cut(text, 235));

export const frame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(command, data).map(([name, text]) => framed(name, text)) },
  { weight: 1, arbitrary: command.map((name) => ({ command: name, data: received, bare: true })) },
);

/** Lengths of chunks: many of one byte, some of more than a frame. */
export const chunkLengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 600 })), {
  maxLength: 60,
});

/** The longest beginning of `text` that has at most `bytesMax` bytes of UTF-8. */
function cut(text: string, bytesMax: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
}
