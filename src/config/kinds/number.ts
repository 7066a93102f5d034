import type { Form } from '../kind.ts';

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const whole = /^[+-]?\d{1,20}$/;

/** A wait in seconds, a multiple of 0.001. `noun` names it in faults: "the shortest interval is 0.1 s". */
export function seconds({
  noun,
  min,
  max,
}: {
  readonly noun: string;
  readonly min: number;
  readonly max: number;
}): Form<number> {
  const expects = `a number of seconds from ${min} to ${max}`;
  return {
    placeholder: 'SECONDS',
    expects,
    plain: ['number'],
    schema: { type: 'number', minimum: min, maximum: max, multipleOf: 0.001 },
    parse(text) {
      if (!decimal.test(text)) return { ok: false, fault: `it is ${expects}` };
      const value = Number(text);
      if (value < min) return { ok: false, fault: `the shortest ${noun} is ${min} s` };
      if (value > max) return { ok: false, fault: `the longest ${noun} is ${max} s` };
      // Both are the double nearest to the same decimal where there are at most three places.
      if (Math.round(value * 1000) / 1000 !== value) return { ok: false, fault: `it has at most three decimals` };
      return { ok: true, value };
    },
    write: (value) => value,
  };
}

/** A whole number. `noun` names it in faults: "the highest port is 65535". */
export function integer({
  noun,
  min,
  max,
  placeholder,
}: {
  readonly noun: string;
  readonly min: number;
  readonly max: number;
  readonly placeholder: string;
}): Form<number> {
  const expects = `a whole number from ${min} to ${max}`;
  return {
    placeholder,
    expects,
    plain: ['number'],
    schema: { type: 'integer', minimum: min, maximum: max },
    parse(text) {
      if (!whole.test(text)) return { ok: false, fault: `it is ${expects}` };
      const value = Number(text);
      if (value < min) return { ok: false, fault: `the lowest ${noun} is ${min}` };
      if (value > max) return { ok: false, fault: `the highest ${noun} is ${max}` };
      // `-0` is no number that anybody means.
      return { ok: true, value: value + 0 };
    },
    write: (value) => value,
  };
}
