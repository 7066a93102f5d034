import { limits } from '../core/limits.ts';
import { append } from '../core/short-list.ts';
import { received, type Frame } from './frame.ts';
import { ProtocolError } from './protocol-error.ts';

const bang = 0x21;
const space = 0x20;
const zero = 0x30;
const commandBytes = 5;
const bareTail = new TextEncoder().encode(received);
const bareBytes = commandBytes + bareTail.length;
const broken = -1;
/** One for all: it holds nothing from one frame to the next. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** The command of nearly all frames that a server reads. */
const frequent = '!INFO';
/** No frame; never changed. */
const none: Frame[] = [];

/**
 * Turns a stream of bytes, cut anywhere, into frames. The first fault ends it: `failure` says what was wrong and no byte is
 * looked at any more. A frame that lies whole in one chunk is read where it lies; only a cut one is copied, into the one
 * buffer of 256 bytes that a decoder ever holds.
 */
export class FrameDecoder {
  #held: Uint8Array | undefined;
  #heldBytes = 0;
  /** Bytes that the held frame needs, as far as its beginning tells. */
  #needBytes = 0;
  #failure: ProtocolError | undefined;
  #frames: Frame[] = none;

  /** What broke the framing, once something has. */
  get failure(): ProtocolError | undefined {
    return this.#failure;
  }

  /** A frame has begun and is not complete. */
  get holding(): boolean {
    return this.#heldBytes > 0;
  }

  /** What it has read leaves nothing behind: any other decoder would go on as well. */
  get isSpare(): boolean {
    return this.#heldBytes === 0 && this.#failure === undefined;
  }

  /** The frames that `chunk` completes. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): readonly Frame[] {
    let at = 0;
    while (at < chunk.length && this.#failure === undefined) {
      at = this.#heldBytes === 0 ? this.#readWhole(chunk, at) : this.#readHeld(chunk, at);
    }
    // Not kept: of thousands of connections the last frames are a megabyte.
    const frames = this.#frames;
    this.#frames = none;
    return frames;
  }

  #readWhole(chunk: Uint8Array, at: number): number {
    const needBytes = this.#inspect(chunk, at, chunk.length);
    if (needBytes === broken) return at;
    if (chunk.length - at >= needBytes) {
      this.#emit(chunk, at, needBytes);
      return at + needBytes;
    }
    this.#held ??= new Uint8Array(limits.frameBytesMax);
    this.#held.set(chunk.subarray(at));
    this.#heldBytes = chunk.length - at;
    this.#needBytes = needBytes;
    return chunk.length;
  }

  #readHeld(chunk: Uint8Array, at: number): number {
    const held = this.#held ?? new Uint8Array(limits.frameBytesMax);
    const takenBytes = Math.min(this.#needBytes - this.#heldBytes, chunk.length - at);
    held.set(chunk.subarray(at, at + takenBytes), this.#heldBytes);
    this.#heldBytes += takenBytes;
    this.#needBytes = this.#inspect(held, 0, this.#heldBytes);
    if (this.#needBytes !== broken && this.#heldBytes >= this.#needBytes) {
      this.#heldBytes = 0;
      this.#emit(held, 0, this.#needBytes);
    }
    return at + takenBytes;
  }

  /**
   * Looks at the beginning of a frame, byte by byte, so that the same bytes give the same fault however they were cut. Answers how many
   * bytes the frame needs, as far as that is known yet, or `broken`.
   */
  #inspect(bytes: Uint8Array, from: number, to: number): number {
    const first = bytes[from];
    if (first === bang) return this.#inspectBare(bytes, from, to);
    let dataLength = 0;
    let digits = 0;
    const headerEnd = Math.min(to, from + limits.headerBytes);
    for (let at = from; at < headerEnd; at += 1) {
      const byte = bytes[at] ?? 0;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9 && digits === at - from && digits < 3) {
        dataLength = dataLength * 10 + digit;
        digits += 1;
      } else if (byte !== space || digits === 0) {
        return this.#fail(`byte ${at - from} of the header is ${hex(byte)}; a header is up to 3 digits, then spaces`);
      } else if (at - from === digits && (dataLength < limits.bodyBytesMin || dataLength > limits.bodyBytesMax)) {
        return this.#fail(
          `a length of ${dataLength}; a body has ${limits.bodyBytesMin} to ${limits.bodyBytesMax} bytes`,
        );
      }
    }
    const commandFrom = from + limits.headerBytes;
    if (to < commandFrom) return limits.headerBytes;
    if (!this.#inspectCommand(bytes, commandFrom, to)) return broken;
    return limits.headerBytes + dataLength;
  }

  #inspectBare(bytes: Uint8Array, from: number, to: number): number {
    if (!this.#inspectCommand(bytes, from, to)) return broken;
    for (let index = 0; index < bareTail.length && from + commandBytes + index < to; index += 1) {
      const byte = bytes[from + commandBytes + index] ?? 0;
      if (byte !== bareTail[index]) return this.#fail(`${hex(byte)} in an acknowledgement without header`);
    }
    return bareBytes;
  }

  #inspectCommand(bytes: Uint8Array, from: number, to: number): boolean {
    for (let index = 0; index < commandBytes && from + index < to; index += 1) {
      const byte = bytes[from + index] ?? 0;
      if (index === 0 ? byte !== bang : byte < 0x41 || byte > 0x5a) {
        this.#fail(`byte ${index} of the command is ${hex(byte)}; a command is ! and four capitals`);
        return false;
      }
    }
    return true;
  }

  #emit(bytes: Uint8Array, from: number, frameBytes: number): void {
    const bare = bytes[from] === bang;
    const headerBytes = bare ? 0 : limits.headerBytes;
    let text: string;
    try {
      // Most chunks are one frame, for which no view has to be made. A header is a character a byte.
      text = utf8.decode(frameBytes === bytes.length ? bytes : bytes.subarray(from, from + frameBytes));
    } catch {
      // The only thing that a fatal decoder throws for is what this line says.
      this.#fail('the data is not UTF-8');
      return;
    }
    const dataFrom = headerBytes + commandBytes;
    const command = text.startsWith(frequent, headerBytes) ? frequent : text.slice(headerBytes, dataFrom);
    const frame = { command, data: text.slice(dataFrom), bare };
    this.#frames = append(this.#frames, frame);
  }

  #fail(message: string): typeof broken {
    this.#failure = new ProtocolError(message);
    this.#heldBytes = 0;
    return broken;
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
