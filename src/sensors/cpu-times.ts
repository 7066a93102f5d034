import type { Values } from '../core/reading.ts';

/** Time that all processors together have spent since the start, in any unit. */
export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/**
 * `utilisation`, 0..1 to four digits, between two samples. No value where there is no earlier one, or where the counters stand
 * still or went back, as they do in a machine that was moved to another host.
 */
export function utilisation(last: CpuTimes | undefined, now: CpuTimes | undefined): Values {
  if (last === undefined || now === undefined || now.total <= last.total) return {};
  const ratio = (now.busy - last.busy) / (now.total - last.total);
  return { utilisation: Math.round(Math.min(1, Math.max(0, ratio)) * 10_000) / 10_000 };
}
