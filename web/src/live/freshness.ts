import type { FleetRow } from '../../../src/api/contract.ts';

const freshIntervals = 2.5;
const freshMsMin = 10_000;

/** How long ago something was measured, in milliseconds. `takenMs` is by the unit's clock, `nowMs` by the server's. */
export function ageMs(
  { clock_offset_ms: offsetMs }: Pick<FleetRow, 'clock_offset_ms'>,
  takenMs: number,
  nowMs: number,
): number {
  return nowMs - (takenMs - (offsetMs ?? 0));
}

/** Whether a value must not look fresh: it is older than two and a half intervals, or its unit is not there. */
export function isOld(
  row: Pick<FleetRow, 'clock_offset_ms' | 'state' | 'interval'>,
  takenMs: number,
  nowMs: number,
): boolean {
  const freshMs = Math.max(freshMsMin, freshIntervals * row.interval.confirmed * 1_000);
  return row.state !== 'online' || ageMs(row, takenMs, nowMs) > freshMs;
}
