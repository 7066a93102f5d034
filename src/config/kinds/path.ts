import type { Form } from '../kind.ts';

/** A file or folder. The value is absolute. */
export function path(placeholder: 'DIR' | 'FILE'): Form<string> {
  const expects = placeholder === 'DIR' ? 'the path of a folder' : 'the path of a file';
  return {
    placeholder,
    expects,
    plain: ['string'],
    schema: { type: 'string', minLength: 1 },
    parse(text, place) {
      if (text === '' || text.includes('\0')) return { ok: false, fault: `it is ${expects}` };
      // A shell leaves `--data-dir=~/x` and `X=a:~` alone, and nobody wants a folder of that name.
      if (/^~([/\\]|$)/.test(text)) return { ok: false, fault: '~ is not expanded here; write the path in full' };
      return { ok: true, value: place.resolvePath(text) };
    },
    write: (value) => value,
  };
}
