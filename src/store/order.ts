import type { SeriesName, UnitReading } from '../core/reading.ts';

/** Where a reading stands among those of a unit. No two labelled readings of a unit have the same place. */
export interface Place {
  readonly time: number;
  /** '' for none. */
  readonly epoch: string;
  /** 0 for none. */
  readonly seq: number;
}

export function placeOf({ reading: { time, epoch = '', seq = 0 } }: UnitReading): Place {
  return { time, epoch, seq };
}

/** By time, then by epoch and number; those without a label first. */
export function comparePlaces(one: Place, other: Place): number {
  return one.time - other.time || compareTexts(one.epoch, other.epoch) || one.seq - other.seq;
}

/** By sensor, and those of one sensor by id; the one without an id first. */
export function compareSeries(one: SeriesName, other: SeriesName): number {
  return compareTexts(one.sensor, other.sensor) || compareTexts(one.id, other.id);
}

/** Nothing first, then by code units. */
function compareTexts(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return -1;
  return other === undefined || one > other ? 1 : -1;
}
