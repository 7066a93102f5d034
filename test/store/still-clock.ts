import type { Clock } from '../../src/core/clock.ts';

/** A clock that a test moves. */
export class StillClock implements Clock {
  /** 2026-11-21T10:00:00Z */
  #wallMs = Date.UTC(2026, 10, 21, 10);
  #monotonicMs = 0;
  #waiting: { readonly dueMs: number; readonly task: () => void }[] = [];

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { dueMs: this.#monotonicMs + delayMs, task };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  /** Tasks that are still to come. */
  get timers(): number {
    return this.#waiting.length;
  }

  /** Lets time pass, and runs what has become due. */
  pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= this.#monotonicMs);
    this.#waiting = this.#waiting.filter((timer) => !due.includes(timer));
    for (const { task } of due) task();
  }

  /** Somebody sets the wall clock; no time passes. */
  set(aheadMs: number): void {
    this.#wallMs += aheadMs;
  }
}
