import type { Clock } from '../src/core/clock.ts';

/** A clock that stands still until it is set, with which a day is over in a minute. */
export interface VirtualClock extends Clock {
  set(wallMs: number): void;
}

/** Nothing falls due by it: what runs in the background is done when all is stored, and can be measured there. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  return {
    monotonicMs: () => nowMs - startMs,
    wallMs: () => nowMs,
    after: () => () => undefined,
    set: (wallMs) => void (nowMs = wallMs),
  };
}
