import { unreachable } from '../core/assert.ts';
import { limits } from '../core/limits.ts';
import { earlier } from './machine.ts';

/** How long a peer may leave a frame incomplete (protocol 1), or take no bytes. */
export class Patience {
  #frameUntilMs: number | undefined;
  #blockedUntilMs: number | undefined;
  #paused = false;

  get deadlineMs(): number | undefined {
    return earlier(this.#paused ? undefined : this.#frameUntilMs, this.#blockedUntilMs);
  }

  /** The peer takes no bytes for now. */
  get isBlocked(): boolean {
    return this.#blockedUntilMs !== undefined;
  }

  /** We read nothing for now. */
  get isPaused(): boolean {
    return this.#paused;
  }

  frameComplete(): void {
    this.#frameUntilMs = undefined;
  }

  /** What the connection does beside carrying frames. */
  heed(event: 'frame-begun' | 'blocked' | 'drained' | 'paused' | 'resumed', nowMs: number): void {
    switch (event) {
      case 'frame-begun':
        this.#frameUntilMs = nowMs + limits.frameMsMax;
        return;
      case 'blocked':
        // From the first write that the peer did not take: later ones are no reason to wait longer.
        this.#blockedUntilMs ??= nowMs + limits.acknowledgementMsMax;
        return;
      case 'drained':
        this.#blockedUntilMs = undefined;
        return;
      case 'paused':
        this.#paused = true;
        return;
      case 'resumed':
        this.#paused = false;
        // What the peer could not deliver during a pause of ours is not its fault.
        if (this.#frameUntilMs !== undefined) this.#frameUntilMs = nowMs + limits.frameMsMax;
        return;
      default:
        unreachable(event);
    }
  }

  /** What has run out at `nowMs`; it is told once. */
  judge(nowMs: number): 'frame-overdue' | 'blocked-overdue' | undefined {
    if (!this.#paused && this.#frameUntilMs !== undefined && nowMs >= this.#frameUntilMs) {
      this.#frameUntilMs = undefined;
      return 'frame-overdue';
    }
    if (this.#blockedUntilMs !== undefined && nowMs >= this.#blockedUntilMs) {
      this.#blockedUntilMs = undefined;
      return 'blocked-overdue';
    }
    return undefined;
  }
}

/** Words for `bad-frame`. */
export const frameOverdue = `a frame was not complete ${limits.frameMsMax / 1000} s after its first byte`;
