import type { Form } from '../kind.ts';

const units = [
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
] as const;
const written = /^(\d{1,9})(h|d|w)$/;

/** A span of time: `12h`, `30d`, `52w`; in milliseconds. `min` and `max` are milliseconds, and whole hours. */
export function age({ min, max }: { readonly min: number; readonly max: number }): Form<number> {
  const expects = `a number of hours, days or weeks from ${ageText(min)} to ${ageText(max)}, such as 12h, 30d or 52w`;
  return {
    placeholder: 'AGE',
    expects,
    plain: ['string'],
    schema: { type: 'string', pattern: '^[0-9]+[hdw]$' },
    parse(text) {
      const match = written.exec(text);
      const unitMs = units.find(([unit]) => unit === match?.[2])?.[1];
      if (match === null || unitMs === undefined) return { ok: false, fault: `it is ${expects}` };
      const value = Number(match[1]) * unitMs;
      if (value < min) return { ok: false, fault: `the shortest age is ${ageText(min)}` };
      if (value > max) return { ok: false, fault: `the longest age is ${ageText(max)}` };
      return { ok: true, value };
    },
    write: ageText,
  };
}

/** The shortest way to write an age: days where they are whole, as people count, and else hours. */
export function ageText(ms: number): string {
  const days = ms / 86_400_000;
  return Number.isInteger(days) ? `${days}d` : `${Math.round(ms / 3_600_000)}h`;
}
