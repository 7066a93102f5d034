import type { Machine } from '../../src/session/machine.ts';

/** More wakes than this without time going on are a machine that would keep its program busy for nothing. */
const idleWakesMax = 3;

interface Wake {
  readonly type: 'wake';
}

/**
 * Lets time pass until `untilMs`, with a wake at each deadline on the way, as a program with nothing else to do would; `took` gets what
 * each wake led to.
 */
export function passUntil<Input, Action>(
  machine: Machine<Input | Wake, Action>,
  {
    nowMs,
    untilMs,
    took,
  }: { nowMs: number; untilMs: number; took: (actions: readonly Action[], atMs: number) => void },
): void {
  let atMs = nowMs;
  let idleWakes = 0;
  for (;;) {
    const { deadlineMs } = machine;
    if (deadlineMs === undefined || deadlineMs > untilMs) return;
    idleWakes = deadlineMs > atMs ? 0 : idleWakes + 1;
    if (idleWakes > idleWakesMax) throw new Error(`a wake at ${deadlineMs} changes nothing, and is wanted again`);
    atMs = Math.max(atMs, deadlineMs);
    took(machine.handle({ type: 'wake' }, atMs), atMs);
  }
}
