import { slopePerHour, type ProcessSample } from './process-sample.ts';

/** Stretches that the second half is looked at in: what is left behind shows in the least of each, since a heap is emptied now and then. */
const stretches = 6;

/** What a run gained in its second half, and whether that is nothing. */
export interface Flatness {
  readonly what: string;
  readonly unit: string;
  /** The least value of the first stretch of that half, and of the last. */
  readonly first: number;
  readonly last: number;
  /** What the second half gained by its slope. */
  readonly gained: number;
  readonly gainedMax: number;
  readonly flat: boolean;
}

/**
 * Judges the second half of a run: before, caches fill and code is compiled. It is cut into stretches, and the slope of the least value of each, times the length of the
 * half, is what was gained. Memory may gain a twentieth, or 8 MiB; descriptors 2 % of those in use, which come and go with the connections; threads
 * nothing.
 */
export function judge(samples: readonly ProcessSample[]): readonly Flatness[] {
  const half = samples.slice(Math.floor(samples.length / 2));
  const first = half[0];
  const last = half.at(-1);
  if (first === undefined || last === undefined) return [];
  const hours = (last.seconds - first.seconds) / 3_600;
  const flatness = (
    what: string,
    unit: string,
    valueOf: (sample: ProcessSample) => number,
    share: number,
  ): Flatness => {
    const troughs = troughsOf(half.map((sample) => ({ seconds: sample.seconds, value: valueOf(sample) })));
    const least = troughs[0]?.value ?? 0;
    const gained = slopePerHour(troughs) * hours;
    const gainedMax = Math.max(unit === 'MiB' ? 8 : 0, least * share);
    return { what, unit, first: least, last: troughs.at(-1)?.value ?? 0, gained, gainedMax, flat: gained <= gainedMax };
  };
  return [
    flatness('RSS', 'MiB', (sample) => sample.rssMiB, 0.05),
    flatness('descriptors', '', (sample) => sample.descriptors, 0.02),
    flatness('threads', '', (sample) => sample.threads, 0),
  ];
}

type Value = Parameters<typeof slopePerHour>[0][number];

/** The least value of each stretch, at the middle of it. */
function troughsOf(values: readonly Value[]): readonly Value[] {
  return Array.from({ length: stretches }, (_, index) => {
    const stretch = values.slice((index * values.length) / stretches, ((index + 1) * values.length) / stretches);
    const seconds = stretch[Math.floor(stretch.length / 2)]?.seconds ?? 0;
    return { seconds, value: Math.min(...stretch.map(({ value }) => value)) };
  });
}
