import { limits } from '../../../src/core/limits.ts';

const { intervalSecondsMin: min, intervalSecondsMax: max } = limits;

/** Intervals that people set most, in seconds. */
export const presets: readonly number[] = [1, 2, 5, 10, 30, 60, 300, 3_600];

export { min as secondsMin, max as secondsMax };

/** The interval that somebody typed, in seconds; or what is wrong with it. */
export function secondsOf(text: string): number | { readonly fault: string } {
  const seconds = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(seconds)) return { fault: 'Write a number of seconds, such as 5 or 0.5.' };
  if (seconds < min || seconds > max)
    return { fault: `The shortest interval is ${min} s, the longest ${max} s, which is a day.` };
  if (Math.round(seconds * 1_000) / 1_000 !== seconds) return { fault: 'An interval is a multiple of 0.001 s.' };
  return seconds;
}
