import type { Loop } from '../core/loop.ts';

/** Never changed: whoever waits for that waits as long as it likes. */
const unchanging = new Int32Array(new SharedArrayBuffer(4));

/** The loop of the thread that this runs in. */
export const systemLoop: Loop = {
  idleMs: () => performance.eventLoopUtilization().idle,
  rest: (ms) => void Atomics.wait(unchanging, 0, 0, ms),
};
