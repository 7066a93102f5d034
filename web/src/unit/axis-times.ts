const day = 86_400_000;

const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const minutes = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const days = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const months = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });

/** What stands below the marks of a time axis, in the reader's zone and language: no finer than they are apart, and the day where it changes. Milliseconds. */
export function axisTimes(marksMs: readonly number[], apartMs: number): readonly string[] {
  if (apartMs >= 28 * day) return marksMs.map((ms) => months.format(ms));
  if (apartMs >= day) return marksMs.map((ms) => days.format(ms));
  const form = apartMs < 60_000 ? seconds : minutes;
  return marksMs.map((ms) => (isMidnight(ms) ? days.format(ms) : form.format(ms)));
}

function isMidnight(ms: number): boolean {
  const date = new Date(ms);
  return date.getHours() + date.getMinutes() + date.getSeconds() === 0;
}
