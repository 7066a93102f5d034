import type { Form } from '../kind.ts';

/** One of a few words. */
export function choice<Word extends string>(words: readonly Word[], placeholder: string): Form<Word> {
  const expects = `one of ${words.join(', ')}`;
  return {
    placeholder,
    expects,
    plain: ['string'],
    schema: { enum: words },
    choices: words,
    parse(text) {
      const word = words.find((candidate) => candidate === text);
      return word === undefined ? { ok: false, fault: `it is ${expects}` } : { ok: true, value: word };
    },
    write: (word) => word,
  };
}

/** `true` or `false`. */
export const yesOrNo: Form<boolean> = {
  placeholder: 'true|false',
  expects: 'true or false',
  plain: ['boolean'],
  schema: { type: 'boolean' },
  choices: ['true', 'false'],
  parse(text) {
    if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' };
    return { ok: false, fault: 'it is true or false' };
  },
  write: (value) => value,
};
