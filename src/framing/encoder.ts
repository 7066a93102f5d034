import { limits } from '../core/limits.ts';
import { assert } from '../core/assert.ts';
import { received, type Frame } from './frame.ts';

const text = new TextEncoder();
/** One longer than the longest frame, so that what does not fit is seen. */
const scratch = new Uint8Array(limits.frameBytesMax + 1);
const acknowledgements = new Map<string, Uint8Array>();

/**
 * The bytes of `frames`, one after another, for one write. An acknowledgement alone is a constant that must not be written to. Data of over 235 bytes is our own fault and
 * throws.
 */
export function encodeFrames(frames: readonly Frame[]): Uint8Array {
  const [first] = frames;
  if (first !== undefined && frames.length === 1) return encodeFrame(first);
  const pieces = frames.map(encodeFrame);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The bytes of one frame, as above. */
export function encodeFrame(frame: Frame): Uint8Array {
  if (frame.data !== received) {
    assert(!frame.bare, `${frame.command} without header`);
    return encode(frame);
  }
  const key = frame.bare ? frame.command : `+${frame.command}`;
  let bytes = acknowledgements.get(key);
  if (bytes === undefined) {
    bytes = encode(frame);
    acknowledgements.set(key, bytes);
  }
  return bytes;
}

function encode({ command, data, bare }: Frame): Uint8Array {
  const body = command + data;
  let bodyBytes = body.length;
  let frameBytes = write(bare ? body : header(bodyBytes) + body);
  if (!bare && frameBytes !== limits.headerBytes + bodyBytes) {
    // Not ASCII: the length in bytes is known only now.
    bodyBytes = frameBytes - limits.headerBytes;
    frameBytes = write(header(bodyBytes) + body);
  }
  assert(bodyBytes <= limits.bodyBytesMax, `${command} with a body of ${bodyBytes} bytes`);
  return scratch.slice(0, frameBytes);
}

function header(bodyBytes: number): string {
  return String(bodyBytes).padEnd(limits.headerBytes);
}

/** Writes into `scratch`; answers how many bytes the text has, or more than fit. */
function write(frame: string): number {
  const { read, written } = text.encodeInto(frame, scratch);
  return read < frame.length ? Number.POSITIVE_INFINITY : written;
}
