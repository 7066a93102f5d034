/** RFC 3339 section 5.6; a space may stand for the T, as it says. */
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const milliseconds = /^-?\d{1,16}$/;

/** A time as users write it, RFC 3339 or milliseconds since 1970, as milliseconds; undefined where it is neither. */
export function parseInstant(text: string): number | undefined {
  if (milliseconds.test(text)) return Number(text);
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Date.parse takes the 31st of February for the 3rd of March. */
function isDay(year: number, month: number, day: number): boolean {
  const daysInMonth = new Date(Date.UTC(2000, month, 0)).getUTCDate();
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && !isLeap ? 28 : daysInMonth);
}
