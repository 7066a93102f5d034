/** Something that has values by name: a reading, or the means of a step. */
export interface Valued {
  value(name: string): number | undefined;
}

/**
 * The part of a disk or of the memory that is in use, 0 to 1 whatever a unit says; undefined where that cannot be said. `used` of `total`, as docs/sensors.md means them; where a client sends no `used`, what is not
 * `available`; version 1 sends `used_ratio` alone.
 */
export function usedRatio(valued: Valued): number | undefined {
  const ratio = saidRatio(valued);
  return ratio === undefined ? undefined : Math.min(1, Math.max(0, ratio));
}

function saidRatio(valued: Valued): number | undefined {
  const total = valued.value('total');
  if (total === undefined || total <= 0) return valued.value('used_ratio');
  const used = valued.value('used');
  if (used !== undefined) return used / total;
  const available = valued.value('available');
  return available === undefined ? valued.value('used_ratio') : (total - available) / total;
}
