import type { Clock } from '../core/clock.ts';

/** The longest delay that a timer takes; a longer one would fire at once. */
const delayMsMax = 2 ** 31 - 1;

/** The machine's own clocks. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, delayMsMax));
    return () => {
      clearTimeout(timer);
    };
  },
};
