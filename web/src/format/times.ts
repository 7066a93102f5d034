const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'narrow' });

/** In the reader's zone and language. */
export function localTime(ms: number): string {
  return dateAndTime.format(ms);
}

export function localTimeOfDay(ms: number): string {
  return timeOfDay.format(ms);
}

/** RFC 3339 in UTC, to the second: for what is shown on hover. */
export function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

const spans = [
  { unit: 'second', ms: 1_000, below: 90_000 },
  { unit: 'minute', ms: 60_000, below: 5_400_000 },
  { unit: 'hour', ms: 3_600_000, below: 129_600_000 },
  { unit: 'day', ms: 86_400_000, below: Number.POSITIVE_INFINITY },
] as const;

/** `12 s ago`, in the reader's language. */
export function ago(agoMs: number): string {
  const elapsedMs = Math.max(0, agoMs);
  const span = spans.find(({ below }) => elapsedMs < below) ?? spans[3];
  return relative.format(-Math.round(elapsedMs / span.ms), span.unit);
}

/** `0.5 s`, `90 s`, `2 h`: a length of time, in seconds. */
export function duration(seconds: number): string {
  // Intervals are multiples of a millisecond.
  if (seconds < 120) return `${toMilliseconds.format(seconds)} s`;
  if (seconds < 7_200) return `${number(seconds / 60)} min`;
  if (seconds < 172_800) return `${number(seconds / 3_600)} h`;
  return `${number(seconds / 86_400)} d`;
}

const toMilliseconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const upToThree = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
function number(value: number): string {
  return upToThree.format(value);
}

/** `+3.2 s`: how far a clock is ahead of another, in words with its sign. */
export function clockWords(aheadMs: number): string {
  return `${aheadMs < 0 ? '−' : '+'}${duration(Math.abs(aheadMs) / 1_000)}`;
}
