import type { WireAddress } from '../contract.ts';
import type { Parsed } from '../kind.ts';
import { serverAddress } from './address.ts';
import { fingerprint } from './fingerprint.ts';

/** What `telemetryctl token new` prints for a machine that is to join: where, how the server is known, and the token that lets it in. */
export interface Invitation {
  readonly server: WireAddress & { readonly scheme: 'tls' };
  /** The SHA-256 of the server's certificate, 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly token: string;
}

/** protocol 6: at least 128 bits, base64url. */
const tokenForm = /^[A-Za-z0-9_-]{22,96}$/;
const example = `telemetry.example.org:34568/${'7d5a3f0c'.repeat(8)}/${'AbCd0123'.repeat(4)}`;

/** `HOST:PORT/FINGERPRINT/TOKEN`. No fault shows what was given, since a token may be in it. */
export const invitation = {
  placeholder: 'HOST:PORT/FINGERPRINT/TOKEN',
  parse(text: string): Parsed<Invitation> {
    const [address = '', digits = '', token = '', ...more] = text.split('/');
    const where = serverAddress.parse(`tls://${address}`, { resolvePath: (path) => path });
    if (address === '' || digits === '' || token === '' || more.length > 0) return fault('it has not three parts');
    if (!where.ok) return fault('its HOST:PORT is none; IPv6 stands in brackets, such as [2001:db8::1]:34568');
    const known = fingerprint.parse(digits, { resolvePath: (path) => path });
    if (!known.ok) return fault('its FINGERPRINT is not 64 hexadecimal digits');
    if (!tokenForm.test(token)) return fault('its TOKEN is not 22 to 96 letters, digits, hyphens and underscores');
    const { host, port } = where.value;
    return { ok: true, value: { server: { scheme: 'tls', host, port }, fingerprint: known.value, token } };
  },
} as const;

function fault(what: string): { readonly ok: false; readonly fault: string } {
  return {
    ok: false,
    fault: `${what}; copy the whole line that telemetryctl token new prints on the server, such as telemetry-client join ${example}`,
  };
}
