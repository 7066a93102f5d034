import type { UnitView } from '../../core/unit.ts';

/** A reading is old after so many intervals of its unit, and not before so many milliseconds: the page says it the same way. */
const freshIntervals = 2.5;
const freshMsMin = 10_000;

/** How long ago, by the server's clock, a unit took a reading at `timeMs` of its own clock. Negative: in the future, by a clock that has jumped. */
export function ageMs(unit: Pick<UnitView, 'clock_offset_ms'>, timeMs: number, nowMs: number): number {
  return nowMs - (timeMs - (unit.clock_offset_ms ?? 0));
}

/** Whether a reading of that age tells how things are now. One that is as far in the future tells as little as an old one: it is from before the clock was set back. */
export function isFresh({ state, interval }: Pick<UnitView, 'state' | 'interval'>, age: number): boolean {
  // It may be at either of the two until it has confirmed.
  const seconds = Math.max(interval.confirmed, interval.wanted);
  return state === 'online' && Math.abs(age) <= Math.max(freshMsMin, seconds * 1000 * freshIntervals);
}

/** Of all units that are online the ages lie around 0 by what the measured offset of the clock leaves, up to 2 s: no reading is from the future because of that. */
export function shownAgeSeconds(age: number): number {
  return age < 0 && age > -freshMsMin ? 0 : age / 1000;
}
