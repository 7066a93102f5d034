import type { Clock } from '../core/clock.ts';

/** Time as Node.js gives it, for who is not given another. */
export const systemClock: Pick<Clock, 'monotonicMs' | 'after'> = {
  monotonicMs: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
