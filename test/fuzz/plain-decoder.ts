import type { Frame } from '../../src/framing/frame.ts';
import type { Decoded } from '../framing/frames.ts';

const received = ': RECEIVED';
const headerFault = 'a header is up to 3 digits, then spaces';
const commandFault = 'a command is ! and four capitals';

/**
 * The frames in a stream that is all there, read as protocol 1 says it, with no thought of speed. Of a frame that is wrong at several bytes, the
 * first of them is its fault; one whose beginning is right is waited for.
 */
export function decodedPlainly(bytes: Uint8Array): Decoded {
  const frames: Frame[] = [];
  let rest = [...bytes];
  while (rest.length > 0) {
    const fault = rest[0] === 0x21 ? bareFault(rest) : framedFault(rest);
    if (fault !== undefined) return { frames, failure: fault, holding: false };
    const bare = rest[0] === 0x21;
    const bytesNeeded = bare ? 5 + received.length : 16 + (rest.length < 16 ? 5 : Number(ascii(rest.slice(0, 16))));
    if (rest.length < bytesNeeded) return { frames, failure: undefined, holding: true };
    const body = rest.slice(bare ? 0 : 16, bytesNeeded);
    const text = wellFormed(body);
    if (text === undefined) return { frames, failure: 'the data is not UTF-8', holding: false };
    frames.push({ command: text.slice(0, 5), data: text.slice(5), bare });
    rest = rest.slice(bytesNeeded);
  }
  return { frames, failure: undefined, holding: false };
}

function framedFault(bytes: readonly number[]): string | undefined {
  let digits = '';
  for (const [at, byte] of bytes.slice(0, 16).entries()) {
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (isDigit && digits.length === at && at < 3) {
      digits += String.fromCharCode(byte);
      continue;
    }
    if (byte !== 0x20 || digits === '') return `byte ${at} of the header is ${hex(byte)}; ${headerFault}`;
    const length = Number(digits);
    if (length < 5 || length > 240) return `a length of ${length}; a body has 5 to 240 bytes`;
  }
  return commandFaultIn(bytes.slice(16));
}

function bareFault(bytes: readonly number[]): string | undefined {
  const fault = commandFaultIn(bytes);
  if (fault !== undefined) return fault;
  for (const [at, byte] of bytes.slice(5, 5 + received.length).entries()) {
    if (byte !== received.charCodeAt(at)) return `${hex(byte)} in an acknowledgement without header`;
  }
  return undefined;
}

function commandFaultIn(bytes: readonly number[]): string | undefined {
  for (const [at, byte] of bytes.slice(0, 5).entries()) {
    const isRight = at === 0 ? byte === 0x21 : byte >= 0x41 && byte <= 0x5a;
    if (!isRight) return `byte ${at} of the command is ${hex(byte)}; ${commandFault}`;
  }
  return undefined;
}

/** The text of bytes that are UTF-8: those that come back when it is written again. */
function wellFormed(bytes: readonly number[]): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text, 'utf8').equals(Buffer.from(bytes)) ? text : undefined;
}

function ascii(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
