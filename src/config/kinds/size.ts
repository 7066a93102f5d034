import type { Form } from '../kind.ts';

const units = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;
const written = /^(\d{1,16})(KiB|MiB|GiB)?$/;

/** A size in bytes: `10485760`, or with a unit of 1024, `10MiB`. `min` and `max` are in bytes. */
export function size({ min, max }: { readonly min: number; readonly max: number }): Form<number> {
  const expects = `a number of bytes from ${sizeText(min)} to ${sizeText(max)}, with KiB, MiB or GiB or without`;
  return {
    placeholder: 'SIZE',
    expects,
    plain: ['number', 'string'],
    schema: {
      anyOf: [
        { type: 'integer', minimum: min, maximum: max },
        { type: 'string', pattern: '^[0-9]+(KiB|MiB|GiB)?$' },
      ],
    },
    parse(text) {
      const match = written.exec(text);
      if (match === null) return { ok: false, fault: `it is ${expects}` };
      const factor = units.find(([unit]) => unit === match[2])?.[1] ?? 1;
      const value = Number(match[1]) * factor;
      if (value < min) return { ok: false, fault: `the smallest size is ${sizeText(min)}` };
      if (value > max) return { ok: false, fault: `the largest size is ${sizeText(max)}` };
      return { ok: true, value };
    },
    write: (bytes) => (fittingUnit(bytes) === undefined ? bytes : sizeText(bytes)),
  };
}

/** The shortest way to write a size: `10MiB`, `1500`. */
export function sizeText(bytes: number): string {
  const fitting = fittingUnit(bytes);
  return fitting === undefined ? String(bytes) : `${bytes / fitting[1]}${fitting[0]}`;
}

function fittingUnit(bytes: number): (typeof units)[number] | undefined {
  return units.find(([, factor]) => bytes > 0 && bytes % factor === 0);
}
