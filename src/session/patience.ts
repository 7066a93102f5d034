import { limits } from '../core/limits.ts';
import { earlier } from './machine.ts';

/** How long a peer may leave a frame incomplete (protocol 1), or take no bytes. */
export class Patience {
  #frameUntilMs: number | undefined;
  #blockedUntilMs: number | undefined;

  get deadlineMs(): number | undefined {
    return earlier(this.#frameUntilMs, this.#blockedUntilMs);
  }

  /** The peer takes no bytes for now. */
  get isBlocked(): boolean {
    return this.#blockedUntilMs !== undefined;
  }

  frameBegun(nowMs: number): void {
    this.#frameUntilMs = nowMs + limits.frameMsMax;
  }

  frameComplete(): void {
    this.#frameUntilMs = undefined;
  }

  blocked(nowMs: number): void {
    this.#blockedUntilMs = nowMs + limits.acknowledgementMsMax;
  }

  drained(): void {
    this.#blockedUntilMs = undefined;
  }

  /** Reading goes on after a pause of our own: what the peer could not deliver meanwhile is not its fault. */
  resumed(nowMs: number): void {
    if (this.#frameUntilMs !== undefined) this.frameBegun(nowMs);
  }

  /** What has run out at `nowMs`; it is told once. */
  judge(nowMs: number): 'frame-overdue' | 'blocked-overdue' | undefined {
    if (this.#frameUntilMs !== undefined && nowMs >= this.#frameUntilMs) {
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
