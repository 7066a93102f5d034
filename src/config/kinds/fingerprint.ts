import type { Form } from '../kind.ts';

const expects = 'the SHA-256 of a certificate, 64 hexadecimal digits';

/** 64 hexadecimal digits, in either case, with or without colons, as `openssl x509 -fingerprint -sha256` has them; the value is in lower case without. */
export const fingerprint: Form<string> = {
  placeholder: 'SHA256',
  expects,
  plain: ['string'],
  schema: { type: 'string', pattern: '^([0-9A-Fa-f]{2}:?){32}$' },
  parse(text) {
    const digits = text.replaceAll(':', '').toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(digits)) return { ok: false, fault: `it is ${expects}` };
    return { ok: true, value: digits };
  },
  write: (value) => value,
};
