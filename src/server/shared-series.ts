import type { SeriesName } from '../core/reading.ts';

/** By their texts. */
const known = new Map<string, SeriesName>();
/** A fleet has some dozens. Full, it forgets all and begins again. */
const knownMax = 1_024;

/** One and the same for all units that have this series: each of thousands had an object and texts of its own, which came with its first reading. */
export function sharedSeries(series: SeriesName): SeriesName {
  const text = textOfSeries(series);
  const shared = known.get(text);
  if (shared !== undefined) return shared;
  if (known.size >= knownMax) known.clear();
  const { sensor, id } = series;
  const made = { sensor, id };
  known.set(text, made);
  return made;
}

/** Another one for each series: the name of a sensor has no space. */
export function textOfSeries({ sensor, id }: SeriesName): string {
  return id === undefined ? sensor : `${sensor} ${id}`;
}
