import type { UnitView } from './unit.ts';

/** Values are of now for so many intervals of their unit, and for so many milliseconds at least. */
const freshIntervals = 2.5;
const freshMsMin = 10_000;

/** How old a value of this unit may be and still count as one of now, in milliseconds. */
export function freshMsMax({
  interval,
}: {
  readonly interval: Pick<UnitView['interval'], 'confirmed' | 'wanted'>;
}): number {
  // It may be at either of the two until it has confirmed.
  return Math.max(freshMsMin, freshIntervals * 1000 * Math.max(interval.confirmed, interval.wanted));
}

/** How long ago, by the server's clock, a unit measured something at `takenMs` of its own clock. Negative: in the future, by a clock that has jumped. */
export function ageMs(
  { clock_offset_ms: offsetMs }: Pick<UnitView, 'clock_offset_ms'>,
  takenMs: number,
  nowMs: number,
): number {
  return nowMs - (takenMs - (offsetMs ?? 0));
}

/** Whether a value of that age tells how a unit is now. One that is as far in the future tells as little as an old one: it is from before its clock was set back. */
export function isFresh(unit: Pick<UnitView, 'state' | 'interval'>, age: number): boolean {
  return unit.state === 'online' && Math.abs(age) <= freshMsMax(unit);
}

/** Whether what was measured at `takenMs` of the unit's clock must not look like now. `nowMs` is the server's clock. */
export function isOld(
  unit: Pick<UnitView, 'state' | 'interval' | 'clock_offset_ms'>,
  takenMs: number,
  nowMs: number,
): boolean {
  return !isFresh(unit, ageMs(unit, takenMs, nowMs));
}
