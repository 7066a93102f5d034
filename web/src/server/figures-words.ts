import { bytes, count, ratio } from '../format/quantities.ts';
import { duration } from '../format/times.ts';
import type { ServerReport } from '../../../src/api/contract.ts';

const threeDigits = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const twoDecimals = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A short time, such as that of an acknowledgement: `3.2 ms`. */
export function latency(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 1 ? `${threeDigits.format(seconds * 1_000)} ms` : duration(seconds);
}

/** Small rates with what makes them different from none. */
export function perSecond(rate: number): string {
  return rate >= 100 ? count(rate) : threeDigits.format(rate);
}

export function cores(value: number): string {
  return `${twoDecimals.format(value)} cores`;
}

/** How much of its budget the store has taken. `share` is 0 to 1 and more; undefined where there is no bound, or the store has no files. */
export function storeFill({
  bytes: used,
  budget_bytes: budget,
}: Pick<ServerReport['store'], 'bytes' | 'budget_bytes'>): {
  readonly share: number | undefined;
  readonly words: string;
} {
  if (used === null) return { share: undefined, words: 'In memory: a restart empties it.' };
  if (budget === null) return { share: undefined, words: `${bytes(used)}; no bound is set (store.budget).` };
  const share = budget > 0 ? used / budget : 1;
  return { share, words: `${bytes(used)} of ${bytes(budget)} (${ratio(share)}). ${fillWords(share)}` };
}

function fillWords(share: number): string {
  if (share >= 0.95) return 'It is full: the oldest goes for what is new.';
  return share >= 0.8 ? 'Once it is full, the oldest goes for what is new.' : 'There is room.';
}

/** The tiers of the store, the finest first, with how long each is kept. */
export function retentionWords(retention: ServerReport['store']['retention']): readonly (readonly [string, string])[] {
  const kept = (seconds: number | null): string => (seconds === null ? 'as long as there is room' : duration(seconds));
  return [
    ['Readings', kept(retention.readings)],
    ['Steps of 1 min', kept(retention['1m'])],
    ['Steps of 10 min', kept(retention['10m'])],
    ['Steps of 2 h', kept(retention['2h'])],
  ];
}
