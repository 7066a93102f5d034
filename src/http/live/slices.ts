import { setImmediate as nextTurn } from 'node:timers/promises';

/** Does something with each, and lets the event loop turn after every `size` of them. */
export async function inSlices<One>(all: Iterable<One>, size: number, each: (one: One) => void): Promise<void> {
  let count = 0;
  for (const one of all) {
    each(one);
    count += 1;
    if (count % size === 0) await nextTurn();
  }
}
