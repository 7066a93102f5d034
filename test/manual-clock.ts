import type { Clock } from '../src/core/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves both times on and runs what has become due, in order. */
  advance(ms: number): void;
}

/** Starts at 2026-11-21T10:00:00Z. */
export function createManualClock(): ManualClock {
  const wallStartMs = Date.UTC(2026, 10, 21, 10, 0, 0);
  let nowMs = 0;
  let waiting: { readonly dueMs: number; readonly task: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    wallMs: () => wallStartMs + nowMs,
    after(delayMs, task) {
      const timer = { dueMs: nowMs + delayMs, task };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = waiting.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        waiting = waiting.filter((timer) => timer !== next);
        nowMs = next.dueMs;
        next.task();
      }
      nowMs = untilMs;
    },
  };
}
