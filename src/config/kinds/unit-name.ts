import { limits } from '../../core/limits.ts';
import type { Form } from '../kind.ts';

const control = /\p{Cc}/u;

/** A unit's name (protocol 3): 1 to 48 bytes of its JSON form, no control characters. */
export const unitName: Form<string> = {
  placeholder: 'NAME',
  expects: `a text of 1 to ${limits.nameBytesMax} bytes without control characters`,
  plain: ['string'],
  schema: { type: 'string', minLength: 1, maxLength: limits.nameBytesMax },
  parse(text) {
    if (text === '' || control.test(text) || !text.isWellFormed()) {
      return { ok: false, fault: `it is ${unitName.expects}` };
    }
    const bytes = jsonBytes(text);
    if (bytes > limits.nameBytesMax) {
      return { ok: false, fault: `it has ${bytes} bytes; the longest name has ${limits.nameBytesMax}` };
    }
    return { ok: true, value: text };
  },
  write: (value) => value,
};

/** The bytes of a string's JSON form without the quotes, as the protocol counts them. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
