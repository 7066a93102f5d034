import { anyValue } from '../format/quantities.ts';
import type { LabelledLine } from './chart-group.ts';
import type { TimeSpan } from './view-range.ts';

/** What a line says to whoever does not see it: `CPU: last 54.5 °C, lowest 41.0 °C, highest 88.0 °C`. */
export function lineSummary({ label, name, points }: LabelledLine, { fromMs, toMs }: TimeSpan): string {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let last: number | undefined;
  for (const { timeMs, stepMs, min, avg, max } of points) {
    if (timeMs + stepMs <= fromMs || timeMs >= toMs) continue;
    least = Math.min(least, min);
    greatest = Math.max(greatest, max);
    last = avg;
  }
  if (last === undefined) return `${label}: nothing measured`;
  return `${label}: last ${anyValue(name, last)}, lowest ${anyValue(name, least)}, highest ${anyValue(name, greatest)}`;
}
