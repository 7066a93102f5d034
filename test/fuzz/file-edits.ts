import { numberIn, stepsOf } from './script.ts';

/** A change of some bytes of a file. */
export interface Edit {
  readonly file: number;
  readonly change: (bytes: Buffer) => Buffer;
}

/** What a script may say, for mutations. */
export const editWords = ['flip', 'set', 'zero', 'cut', 'drop', 'copy', 'grow', 'swap'];
/** Edits of one script: more destroy all, and then nothing is left to go wrong. */
const editsMax = 40;
const bytesMax = 4_096;

/**
 * Damage to files as a script, so that an input stays of use when their form changes: each line is a word, which file, where, how many bytes, and a value. Where it is lies
 * between 0 and 1, from the beginning to the end of the file: `flip 0 0.25 1 4`.
 */
export function editsOf(text: string): readonly Edit[] {
  return stepsOf(text)
    .slice(0, editsMax)
    .flatMap(({ word, rest }) => {
      const [file, place, length, value] = rest.split(' ');
      if (!editWords.includes(word)) return [];
      const change = changeOf(word, {
        place: numberIn(place, { min: 0, max: 1, fallback: 0 }),
        length: Math.trunc(numberIn(length, { min: 1, max: bytesMax, fallback: 1 })),
        value: Math.trunc(numberIn(value, { min: 0, max: 255, fallback: 1 })),
      });
      return [{ file: Math.trunc(numberIn(file, { min: 0, max: 9, fallback: 0 })), change }];
    });
}

function changeOf(
  word: string,
  { place, length, value }: Readonly<Record<'place' | 'length' | 'value', number>>,
): Edit['change'] {
  const at = (bytes: Buffer): number => Math.min(bytes.length, Math.floor(place * bytes.length));
  switch (word) {
    case 'flip':
      return (bytes) => inPlace(bytes, at(bytes), 1, (byte) => byte ^ (value === 0 ? 1 : value));
    case 'set':
      return (bytes) => inPlace(bytes, at(bytes), length, () => value);
    case 'zero':
      return (bytes) => inPlace(bytes, at(bytes), length, () => 0);
    case 'cut':
      return (bytes) => bytes.subarray(0, at(bytes));
    case 'drop':
      return (bytes) => Buffer.concat([bytes.subarray(0, at(bytes)), bytes.subarray(at(bytes) + length)]);
    case 'copy': {
      // To where `value` says, in 256ths of the file.
      return (bytes) => {
        const part = Buffer.from(bytes.subarray(at(bytes), at(bytes) + length));
        return Buffer.concat([bytes.subarray(0, to(bytes, value)), part, bytes.subarray(to(bytes, value))]);
      };
    }
    case 'grow':
      return (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes)), Buffer.alloc(length, value), bytes.subarray(at(bytes))]);
    default:
      return (bytes) => {
        const other = to(bytes, value);
        const one = Buffer.from(bytes.subarray(at(bytes), at(bytes) + length));
        const two = Buffer.from(bytes.subarray(other, other + length));
        const changed = Buffer.from(bytes);
        changed.set(two, Math.min(at(bytes), bytes.length - two.length));
        changed.set(one, Math.min(other, bytes.length - one.length));
        return changed;
      };
  }
}

function inPlace(bytes: Buffer, at: number, length: number, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  for (let index = at; index < Math.min(bytes.length, at + length); index += 1)
    changed[index] = change(bytes[index] ?? 0);
  return changed;
}

function to(bytes: Buffer, value: number): number {
  return Math.floor((value / 256) * bytes.length);
}
