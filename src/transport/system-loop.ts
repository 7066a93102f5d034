import type { Loop } from '../core/loop.ts';

/** Changed, and notified of, by whoever has a message for this thread that its rest should not keep waiting. */
export const wakeCell = new Int32Array(new SharedArrayBuffer(4));
let seen = 0;

/** The loop of the thread that this runs in. */
export const systemLoop: Loop = {
  idleMs: () => performance.eventLoopUtilization().idle,
  rest(ms) {
    Atomics.wait(wakeCell, 0, seen, ms);
    seen = Atomics.load(wakeCell, 0);
  },
};
