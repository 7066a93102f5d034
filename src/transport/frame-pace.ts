import { TokenBucket } from '../core/token-bucket.ts';

/** As often, at full speed, the clock is asked; for each frame would cost more than it is worth. A pause is at least as long. */
const looksPerSecond = 10;

/** Frames that may come between two looks. */
export function framesALook(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond / looksPerSecond));
}

/** Holds the frames of one connection to a rate, with a second's worth of them at once. It is looked at now and then, and stops nothing itself. */
export class FramePace {
  #perSecond = 0;
  #bucket: TokenBucket | undefined;
  #counted = 0;
  #next = 0;

  /** The number of frames at which it is to be looked at again. */
  get next(): number {
    return this.#next;
  }

  /**
   * `frameCount` frames have come since the connection began, and at `nowMs` not more than `perSecond` a second are wanted. Answers for how long no more are to be read,
   * in milliseconds, mostly 0.
   */
  look(frameCount: number, perSecond: number, nowMs: number): number {
    if (this.#bucket === undefined || perSecond !== this.#perSecond) {
      // What came under another rate is not owed under this one.
      if (this.#bucket !== undefined) this.#counted = frameCount;
      this.#bucket = new TokenBucket({ perSecond, burst: perSecond }, nowMs);
      this.#perSecond = perSecond;
    }
    // What was too much by then, a refused frame for instance, is owed.
    this.#bucket.spend(nowMs, frameCount - this.#counted);
    this.#counted = frameCount;
    const step = framesALook(perSecond);
    if (this.#bucket.waitMs(nowMs, 0) > 0) {
      this.#next = frameCount + step;
      return this.#bucket.waitMs(nowMs, step);
    }
    // Near the limit the next look is the one that finds it passed.
    let free = step;
    while (free > 1 && this.#bucket.waitMs(nowMs, free - 1) > 0) free = Math.floor(free / 2);
    this.#next = frameCount + free;
    return 0;
  }
}
