import type { Clock } from '../../src/core/clock.ts';

/** Time that stands still until a test moves it. */
export class ManualClock implements Pick<Clock, 'monotonicMs' | 'after'> {
  #nowMs = 1_000;
  readonly #tasks = new Set<{ readonly dueMs: number; readonly task: () => void }>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.#nowMs + delayMs, task };
    this.#tasks.add(entry);
    return () => {
      this.#tasks.delete(entry);
    };
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    for (const entry of [...this.#tasks].filter(({ dueMs }) => dueMs <= this.#nowMs)) {
      this.#tasks.delete(entry);
      entry.task();
    }
  }

  /** Waits that have been asked for and are not over. */
  get waits(): number {
    return this.#tasks.size;
  }
}
