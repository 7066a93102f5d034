import type { SeriesName } from '../core/reading.ts';

/**
 * Where the series of `name` is in `list`, or its length where it is not there. Series stand in the order of the rounds, so that as a rule it is at
 * `expected`, right after the one before: two comparisons of short texts, and nothing that has to be fetched from elsewhere.
 */
export function placeOf(list: readonly SeriesName[], expected: number, { sensor, id }: SeriesName): number {
  const count = list.length;
  for (let step = 0; step < count; step += 1) {
    const place = (expected + step) % count;
    const series = list[place];
    if (series?.sensor === sensor && series.id === id) return place;
  }
  return count;
}
