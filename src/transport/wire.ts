import { append } from '../core/short-list.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { encodeFrame, encodeFrames } from '../framing/encoder.ts';
import type { Frame } from '../framing/frame.ts';
import type { WireInput } from '../session/server-contract.ts';
import type { Link, LinkEvents } from './link.ts';

/** Nothing to send; never changed. */
const none: Frame[] = [];

/** For the connections that have none of their own. */
let spareDecoder = new FrameDecoder();

/** Who is told what a connection does. */
export interface WireReceiver {
  input(input: WireInput): void;
}

/** A link as frames: bytes become inputs of a machine, frames become bytes; what is due in one turn of the loop is one write. */
export class Wire implements LinkEvents {
  readonly #link: Link;
  readonly #receiver: WireReceiver;
  /** While a frame is incomplete, and after a fault; as a rule the spare one does for all. */
  #decoder: FrameDecoder | undefined;
  /** What is to be sent: the first frame, which nearly always is the only one, and those after it. */
  #first: Frame | undefined;
  #others: Frame[] = none;
  #frameCount = 0;
  #open = true;
  #broken = false;
  #reading = true;
  #held = false;
  /** Frames that had been read when the reading was paused; nothing behind them is looked at before they are handed on. */
  #unread: readonly Frame[] = none;
  /** The peer sent its end behind those. */
  #endUnread = false;

  constructor(link: Link, receiver: WireReceiver) {
    this.#link = link;
    this.#receiver = receiver;
    link.listen(this);
  }

  /** Frames that were handed on, and what was charged. */
  get frameCount(): number {
    return this.#frameCount;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get isReading(): boolean {
    return this.#reading;
  }

  send(frame: Frame): void {
    if (!this.#open) return;
    if (this.#first !== undefined) {
      this.#others = append(this.#others, frame);
      return;
    }
    this.#first = frame;
    if (this.#held) return;
    queueMicrotask(() => {
      this.#flush();
    });
  }

  /** Whoever knows when all is said that is due holds what is sent until `release`, which saves the turn of the queue. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#flush();
  }

  end(): void {
    if (!this.#open) return;
    this.#flush();
    this.#link.end();
  }

  close(): void {
    if (!this.#open) return;
    this.#flush();
    this.#open = false;
    this.#link.destroy();
  }

  /** No frame is handed on until `resume`. */
  pause(): void {
    this.#reading = false;
    this.#link.pause();
  }

  resume(): void {
    this.#reading = true;
    if (this.#unread.length === 0) {
      this.#link.resume();
      return;
    }
    // Not from within whatever found that there is room: that has to be done first, and may find that there is none again.
    queueMicrotask(() => {
      this.#catchUp();
    });
  }

  /** Counts as if so many frames more had come. */
  charge(frames: number): void {
    this.#frameCount += frames;
  }

  data(bytes: Uint8Array): void {
    // After a fault nothing can be read; the bytes are discarded until the connection ends. What had arrived when it was closed counts no more.
    if (this.#broken || !this.#open) return;
    const wasHolding = this.#decoder?.holding === true;
    const frames = this.#decode(bytes);
    if (this.#unread.length > 0) {
      this.#unread = [...this.#unread, ...frames];
      return;
    }
    if (this.#handOn(frames)) this.#tellRest(!wasHolding || frames.length > 0);
  }

  drained(): void {
    if (this.#open) this.#receiver.input({ type: 'drained' });
  }

  ended(): void {
    if (this.#unread.length > 0) this.#endUnread = true;
    else if (this.#open) this.#receiver.input({ type: 'ended' });
  }

  closed(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#receiver.input({ type: 'closed', reason });
  }

  #decode(bytes: Uint8Array): readonly Frame[] {
    const decoder = this.#decoder ?? spareDecoder;
    const frames = decoder.push(bytes);
    if (decoder.isSpare) {
      this.#decoder = undefined;
    } else if (decoder === spareDecoder) {
      this.#decoder = decoder;
      spareDecoder = new FrameDecoder();
    }
    return frames;
  }

  /** Hands frames on as long as they are wanted, and keeps the others; whether all were. */
  #handOn(frames: readonly Frame[]): boolean {
    let count = 0;
    for (const frame of frames) {
      if (!this.#open) return false;
      if (!this.#reading) {
        this.#unread = count === 0 ? frames : frames.slice(count);
        return false;
      }
      count += 1;
      this.#frameCount += 1;
      this.#receiver.input({ type: 'frame', frame });
    }
    return this.#open;
  }

  /** What is to be said behind the frames of a chunk. */
  #tellRest(isNew: boolean): void {
    if (this.#decoder === undefined) return;
    const { failure, holding } = this.#decoder;
    if (failure !== undefined) {
      this.#broken = true;
      this.#receiver.input({ type: 'bad-frame', message: failure.message });
    } else if (holding && isNew) {
      this.#receiver.input({ type: 'frame-begun' });
    }
  }

  #catchUp(): void {
    const frames = this.#unread;
    // It may have been paused anew, or be another's turn.
    if (frames.length === 0 || !this.#reading || !this.#open) return;
    this.#unread = none;
    if (!this.#handOn(frames)) return;
    this.#tellRest(true);
    if (this.#endUnread) this.#receiver.input({ type: 'ended' });
    if (this.#open && this.#reading) this.#link.resume();
  }

  #flush(): void {
    const first = this.#first;
    if (first === undefined || !this.#open) return;
    const others = this.#others;
    this.#first = undefined;
    this.#others = none;
    const bytes = others.length === 0 ? encodeFrame(first) : encodeFrames([first, ...others]);
    if (!this.#link.write(bytes)) this.#receiver.input({ type: 'blocked' });
  }
}
