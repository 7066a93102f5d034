import type { Direction, Path } from './path.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';

export interface PipeOptions {
  readonly stage: Stage;
  readonly path: Path;
  readonly direction: Direction;
  readonly sender: Process;
  readonly receiver: Process;
  /** Bytes reach the receiving program; they are overwritten when this returns. */
  readonly data: (bytes: Uint8Array) => void;
  /** The end of the stream does. */
  readonly ended: () => void;
  /** The sender may go on. */
  readonly drained: () => void;
  /** The end of the stream is under way. */
  readonly endSent: () => void;
  /** Something arrived for a receiver that is gone. */
  readonly unwanted: () => void;
}

type Piece = Uint8Array | 'end';

/** What a program overwrites a buffer with that it has handed out. */
const filler = 0x2a;

/** One direction of a connection: bytes in order, cut anywhere, never more under way than its window. */
export class Pipe {
  readonly #options: PipeOptions;
  /** Not yet taken by the sender's kernel. */
  #queue: Piece[] = [];
  #queuedBytes = 0;
  #owesDrain = false;
  #flying: Piece[] = [];
  #unread: Piece[] = [];
  #unreadBytes = 0;
  /** Sent, and not read by the receiver. */
  #outstandingBytes = 0;
  #paused = true;
  #delivering = false;
  #receiverGone = false;
  #cut = false;
  #endSent = false;

  constructor(options: PipeOptions) {
    this.#options = options;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get unreadBytes(): number {
    return this.#unreadBytes;
  }

  /** Its end is under way or has arrived. */
  get isEndSent(): boolean {
    return this.#endSent;
  }

  /** As `write` of a socket: false asks the sender to wait for `drained`. */
  write(bytes: Uint8Array): boolean {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#pump();
    if (this.#queuedBytes < this.#options.path.quality.highWaterBytes) return true;
    this.#owesDrain = true;
    return false;
  }

  finish(): void {
    this.#queue.push('end');
    this.#pump();
  }

  /** The sending program is gone, and with it what its kernel had not taken. */
  abandon(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#owesDrain = false;
  }

  /** Nothing moves any more, and nobody is told. */
  cut(): void {
    this.#cut = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#flying = [];
    this.#unread = [];
    this.#unreadBytes = 0;
  }

  receiverGone(): void {
    this.#receiverGone = true;
    this.#unread = [];
    this.#unreadBytes = 0;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliverSoon();
  }

  #pump(): void {
    const { path, direction, sender } = this.#options;
    while (!this.#cut) {
      const piece = this.#next(path.quality.windowBytes - this.#outstandingBytes);
      if (piece === undefined) break;
      this.#flying.push(piece);
      if (piece === 'end') {
        this.#endSent = true;
        this.#options.endSent();
      } else {
        this.#outstandingBytes += piece.length;
      }
      path.carry(direction, () => {
        this.#arrive();
      });
    }
    if (!this.#owesDrain || this.#queuedBytes > 0) return;
    this.#owesDrain = false;
    sender.defer(() => {
      if (!this.#cut) this.#options.drained();
    });
  }

  /** The next piece that the kernel sends, at most `roomBytes` of it. */
  #next(roomBytes: number): Piece | undefined {
    const { path, stage } = this.#options;
    const [first] = this.#queue;
    if (first === 'end' || first === undefined) return this.#queue.shift();
    const { pieceBytesMax } = path.quality;
    const pieceBytes = Math.min(roomBytes, first.length, stage.random.integer(1, pieceBytesMax));
    const sentBytes = pieceBytesMax >= wholeBytes ? Math.min(roomBytes, first.length) : pieceBytes;
    if (sentBytes <= 0) return undefined;
    if (sentBytes === first.length) this.#queue.shift();
    else this.#queue[0] = first.subarray(sentBytes);
    this.#queuedBytes -= sentBytes;
    return first.subarray(0, sentBytes);
  }

  #arrive(): void {
    const piece = this.#flying.shift();
    if (piece === undefined || this.#cut) return;
    if (this.#receiverGone) {
      this.#options.unwanted();
      return;
    }
    this.#unread.push(piece);
    if (piece !== 'end') this.#unreadBytes += piece.length;
    if (!this.#delivering) this.#hand();
  }

  #deliverSoon(): void {
    if (this.#delivering || this.#unread.length === 0) return;
    this.#delivering = true;
    this.#options.stage.timeline.after(0, () => {
      this.#delivering = false;
      this.#hand();
    });
  }

  /** Hands over what has arrived, joined as a kernel joins it. */
  #hand(): void {
    if (this.#paused || this.#unread.length === 0) return;
    this.#delivering = true;
    this.#options.receiver.run(() => {
      this.#delivering = false;
      if (this.#paused || this.#cut || this.#receiverGone) return;
      const bytes = this.#take();
      if (bytes === undefined) {
        if (this.#unread.shift() === 'end') this.#options.ended();
        return;
      }
      this.#options.data(bytes);
      bytes.fill(filler);
      this.#outstandingBytes -= bytes.length;
      if (this.#queue.length > 0)
        this.#options.stage.timeline.after(this.#options.path.latencyMs(), () => this.#pump());
      this.#deliverSoon();
    });
  }

  #take(): Uint8Array | undefined {
    const { random } = this.#options.stage;
    const all = this.#unread.findIndex((piece) => piece === 'end');
    const available = all < 0 ? this.#unread.length : all;
    if (available === 0) return undefined;
    const count = random.chance(0.8) ? available : random.integer(1, available);
    const pieces = this.#unread.splice(0, count).filter((piece) => piece !== 'end');
    const bytes = Buffer.concat(pieces);
    this.#unreadBytes -= bytes.length;
    return bytes;
  }
}

/** From this length on a piece is a whole write. */
const wholeBytes = 65_536;
