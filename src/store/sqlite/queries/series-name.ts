import type { SeriesName } from '../../../core/reading.ts';

/** A text that no other sensor and id has. */
export function nameOf({ sensor, id }: SeriesName): string {
  return id === undefined ? sensor : `${sensor} ${id}`;
}
