import { limits } from '../core/limits.ts';

/** Milliseconds without a frame after which a unit is late (protocol 8). */
export function lateMsOf(intervalSeconds: number): number {
  return Math.max(limits.lateMsMin, intervalSeconds * 1000 * limits.lateIntervals);
}

/** And after which it is lost. */
function lostMsOf(intervalSeconds: number): number {
  return Math.max(limits.lostMsMin, intervalSeconds * 1000 * limits.lostIntervals);
}

/** Judges how long a live unit has been silent. Time in which the server itself did not read does not count. */
export class Silence {
  /** By which it is judged. */
  intervalSeconds: number;
  #lastMs: number;
  #late = false;
  #pausedMs: number | undefined;

  constructor(intervalSeconds: number, nowMs: number) {
    this.intervalSeconds = intervalSeconds;
    this.#lastMs = nowMs;
  }

  get deadlineMs(): number | undefined {
    if (this.#pausedMs !== undefined) return undefined;
    const seconds = this.intervalSeconds;
    return this.#lastMs + (this.#late ? lostMsOf(seconds) : lateMsOf(seconds));
  }

  /** The unit may have gone over to this interval without a word, and is not to be judged by a shorter one. */
  allow(intervalSeconds: number): void {
    this.intervalSeconds = Math.max(this.intervalSeconds, intervalSeconds);
  }

  /** A frame came. Answers whether the unit was late until now. */
  frame(nowMs: number): boolean {
    const wasLate = this.#late;
    this.#lastMs = nowMs;
    this.#late = false;
    return wasLate;
  }

  pause(nowMs: number): void {
    this.#pausedMs ??= nowMs;
  }

  resume(nowMs: number): void {
    if (this.#pausedMs === undefined) return;
    // What the unit sent during the pause lies unread, and needs a moment more.
    const unreadMs = nowMs - this.#pausedMs + limits.wakeLateMsMax;
    this.#lastMs = Math.min(nowMs, this.#lastMs + unreadMs);
    this.#pausedMs = undefined;
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
