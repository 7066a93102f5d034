/** Something that has values by name: a reading, or the means of a step. */
export interface Valued {
  value(name: string): number | undefined;
}

/**
 * The part of a disk or of the memory that is in use, 0 to 1; NaN where that cannot be said. `used` of `total`, as docs/sensors.md means them; where a client sends no `used`, what is not
 * `available`; version 1 sends `used_ratio` alone.
 */
export function usedRatio(valued: Valued): number {
  const total = valued.value('total');
  if (total === undefined || total <= 0) return shownRatio(valued.value('used_ratio'));
  const available = valued.value('available');
  const used = valued.value('used') ?? (available === undefined ? undefined : total - available);
  return shownRatio(used === undefined ? undefined : used / total);
}

/** To the hundredth of a percent: more is not shown, and costs bytes. */
export function shownRatio(value = Number.NaN): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

/** To the tenth of a degree. */
export function shownCelsius(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}
