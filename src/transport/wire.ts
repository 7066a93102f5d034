import { FrameDecoder } from '../framing/decoder.ts';
import { encodeFrames } from '../framing/encoder.ts';
import type { Frame } from '../framing/frame.ts';
import type { WireInput } from '../session/server-contract.ts';
import type { Link, LinkEvents } from './link.ts';

/** A link as frames: bytes become inputs of a machine, frames become bytes; what is due in one turn of the loop is one write. */
export class Wire implements LinkEvents {
  readonly #link: Link;
  readonly #receive: (input: WireInput) => void;
  readonly #decoder = new FrameDecoder();
  #outbox: Frame[] = [];
  #open = true;
  #broken = false;
  #reading = true;

  constructor(link: Link, receive: (input: WireInput) => void) {
    this.#link = link;
    this.#receive = receive;
    link.listen(this);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get isReading(): boolean {
    return this.#reading;
  }

  send(frame: Frame): void {
    if (!this.#open) return;
    this.#outbox.push(frame);
    if (this.#outbox.length === 1) queueMicrotask(this.#flush);
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

  pause(): void {
    this.#reading = false;
    this.#link.pause();
  }

  resume(): void {
    this.#reading = true;
    this.#link.resume();
  }

  data(bytes: Uint8Array): void {
    const decoder = this.#decoder;
    // After a fault nothing can be read; the bytes are discarded until the connection ends.
    if (this.#broken) return;
    const wasHolding = decoder.holding;
    const frames = decoder.push(bytes);
    for (const frame of frames) {
      if (!this.#open) return;
      this.#receive({ type: 'frame', frame });
    }
    if (!this.#open) return;
    const { failure } = decoder;
    if (failure !== undefined) {
      this.#broken = true;
      this.#receive({ type: 'bad-frame', message: failure.message });
    } else if (decoder.holding && (!wasHolding || frames.length > 0)) {
      this.#receive({ type: 'frame-begun' });
    }
  }

  drained(): void {
    if (this.#open) this.#receive({ type: 'drained' });
  }

  ended(): void {
    if (this.#open) this.#receive({ type: 'ended' });
  }

  closed(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#receive({ type: 'closed', reason });
  }

  readonly #flush = (): void => {
    if (this.#outbox.length === 0 || !this.#open) return;
    const frames = this.#outbox;
    this.#outbox = [];
    if (!this.#link.write(encodeFrames(frames))) this.#receive({ type: 'blocked' });
  };
}
