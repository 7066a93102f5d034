/** A frame as it stood on the wire. */
export interface WireFrame {
  readonly command: string;
  readonly data: string;
  readonly bare: boolean;
  readonly bytes: number;
}

const headerForm = /^\d{1,3} *$/;
const bareForm = /^![A-Z]{4}: RECEIVED$/;
const headerBytes = 16;
const bareBytes = 15;
const frameBytesMax = 256;

/** Reads frames after the page of the protocol, apart from the decoder under test. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #fault: string | undefined;

  /** What was no frame; nothing after it is read. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The frames that `bytes` complete. */
  read(bytes: Uint8Array): readonly WireFrame[] {
    const frames: WireFrame[] = [];
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#fault === undefined) {
      const frame = this.#next();
      if (frame === undefined) break;
      frames.push(frame);
    }
    return frames;
  }

  #next(): WireFrame | undefined {
    const rest = this.#rest;
    if (rest.length === 0) return undefined;
    if (rest[0] === '!'.charCodeAt(0)) return this.#bare();
    if (rest.length < headerBytes) return undefined;
    const header = rest.subarray(0, headerBytes).toString('latin1');
    const bodyBytes = Number(header);
    const frameBytes = headerBytes + bodyBytes;
    if (!headerForm.test(header) || bodyBytes < 5 || frameBytes > frameBytesMax) {
      this.#fault = `a header of ${JSON.stringify(header)}`;
      return undefined;
    }
    if (rest.length < frameBytes) return undefined;
    const body = rest.subarray(headerBytes, frameBytes).toString('utf8');
    this.#rest = rest.subarray(frameBytes);
    return { command: body.slice(0, 5), data: body.slice(5), bare: false, bytes: frameBytes };
  }

  #bare(): WireFrame | undefined {
    if (this.#rest.length < bareBytes) return undefined;
    const body = this.#rest.subarray(0, bareBytes).toString('latin1');
    if (!bareForm.test(body)) {
      this.#fault = `an acknowledgement of ${JSON.stringify(body)}`;
      return undefined;
    }
    this.#rest = this.#rest.subarray(bareBytes);
    return { command: body.slice(0, 5), data: body.slice(5), bare: true, bytes: bareBytes };
  }
}

/** The members of a JSON object, or of nothing. */
export function membersOf(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Of what a rogue sends nothing is expected.
    return {};
  }
}

/** The bytes of a frame with header. */
export function frameBytes(command: string, data = ''): Buffer {
  const body = Buffer.from(command + data);
  return Buffer.concat([Buffer.from(String(body.length).padEnd(headerBytes)), body]);
}
