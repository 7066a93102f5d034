import { limits } from '../core/limits.ts';

/** Milliseconds without a frame after which a unit is late, and lost (protocol 8). */
export function silenceLimits(intervalSeconds: number): { readonly lateMs: number; readonly lostMs: number } {
  return {
    lateMs: Math.max(limits.lateMsMin, intervalSeconds * 1000 * limits.lateIntervals),
    lostMs: Math.max(limits.lostMsMin, intervalSeconds * 1000 * limits.lostIntervals),
  };
}

/** Judges how long a live unit has been silent. Time in which the server itself did not read does not count. */
export class Silence {
  #intervalSeconds: number;
  #lastMs: number;
  #late = false;
  #paused = false;

  constructor(intervalSeconds: number, nowMs: number) {
    this.#intervalSeconds = intervalSeconds;
    this.#lastMs = nowMs;
  }

  get deadlineMs(): number | undefined {
    if (this.#paused) return undefined;
    const { lateMs, lostMs } = silenceLimits(this.#intervalSeconds);
    return this.#lastMs + (this.#late ? lostMs : lateMs);
  }

  set intervalSeconds(seconds: number) {
    this.#intervalSeconds = seconds;
  }

  /** A frame came. Answers whether the unit was late until now. */
  frame(nowMs: number): boolean {
    const wasLate = this.#late;
    this.#lastMs = nowMs;
    this.#late = false;
    return wasLate;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(nowMs: number): void {
    this.#paused = false;
    this.#lastMs = nowMs;
  }

  /** What the silence amounts to now, where that is news. */
  judge(nowMs: number): 'late' | 'lost' | undefined {
    const deadlineMs = this.deadlineMs;
    if (deadlineMs === undefined || nowMs < deadlineMs) return undefined;
    const heldUpMs = nowMs - deadlineMs;
    if (heldUpMs > limits.wakeLateMsMax) {
      // The server slept through the deadline: what the unit sent meanwhile lies unread. Give it time to be read.
      this.#lastMs += heldUpMs + limits.wakeLateMsMax;
      return undefined;
    }
    if (this.#late) return 'lost';
    this.#late = true;
    return 'late';
  }
}
