import { usedRatio } from '../../core/used-ratio.ts';
import { prettyPhrase, prettyWord } from '../../sinks/visible-text.ts';
import type { Unit } from './api-answers.ts';

type Readings = Unit['latest'][string];

/** The figures of a unit that its line in the table shows; undefined where it has no such reading. */

/** Degrees Celsius: of the hottest, where a machine has several CPUs. */
export function cpuCelsius({ latest }: Unit): number | undefined {
  return highest(latest['cpu_temp'], ({ celsius }) => celsius)?.value;
}

/** Ratio 0..1. */
export function ramUsed({ latest }: Unit): number | undefined {
  return highest(latest['ram'], partInUse)?.value;
}

/** Ratio 0..1, and which disk it is. */
export function fullestDisk({ latest }: Unit): { readonly value: number; readonly id: string } | undefined {
  return highest(latest['disk'], partInUse);
}

function partInUse(reading: Readings[number]): number | undefined {
  return usedRatio({
    value(name) {
      const value = reading[name];
      return typeof value === 'number' ? value : undefined;
    },
  });
}

function highest(
  readings: Readings | undefined,
  figure: (reading: Readings[number]) => string | number | undefined,
): { readonly value: number; readonly id: string } | undefined {
  let best: { readonly value: number; readonly id: string } | undefined;
  for (const reading of readings ?? []) {
    const value = figure(reading);
    if (typeof value === 'number' && value > (best?.value ?? Number.NEGATIVE_INFINITY))
      best = { value, id: String(reading['id'] ?? '') };
  }
  return best;
}

export function percent(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${Math.round(ratio * 100)}%`;
}

/** `5 s`, or `10 s → 5 s` while the wanted one is not confirmed yet. */
export function intervalText({ confirmed, wanted, state }: Unit['interval']): string {
  if (state === 'assumed') return `${wanted} s (assumed)`;
  return state === 'confirmed' && confirmed === wanted ? `${wanted} s` : `${confirmed} s → ${wanted} s`;
}

/** How long ago, in the largest unit that fits: `3 s ago`. Clocks of two machines differ a little: what is to come is `now`. */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `rack=4 site=berlin`, by name; empty where there are none. */
export function tagWords(tags: Unit['tags']): string {
  const words = Object.entries(tags).map(([name, value]) => `${prettyWord(name)}=${prettyWord(value)}`);
  return words.toSorted().join(' ');
}

/** Text that a unit chose, safe for a terminal. */
export const shown = prettyPhrase;
