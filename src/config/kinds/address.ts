import type { Address, WireAddress } from '../contract.ts';
import type { Form, JsonSchema, Parsed } from '../kind.ts';
import { shownText } from '../shown.ts';

/** The port of the published protocol. */
export const portDefault = 34_567;

const portMax = 65_535;
const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s;
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const zone = /^([0-9a-f:.]+)(?:%[0-9a-z._-]{1,32})?$/i;

/** That of TLS, from the first byte. */
export const tlsPortDefault = 34_568;

/** `tcp://HOST[:PORT]` or `tls://HOST[:PORT]`; port 0 picks a free one. */
export const listenAddress: Form<WireAddress> = {
  ...described(
    'tcp://HOST[:PORT]|tls://HOST[:PORT]',
    'tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568',
    '^(tcp|tls)://.+',
  ),
  parse: (text) => parseWireAddress(text, { portMin: 0, schemeElse: undefined, expects: listenAddress.expects }),
  write: wireAddressText,
};

/** `HOST[:PORT]`, `tcp://HOST[:PORT]` or `tls://HOST[:PORT]`: a server to dial. */
export const serverAddress: Form<WireAddress> = {
  ...described(
    '[tls://]HOST[:PORT]',
    'HOST, HOST:PORT, or tls://HOST:PORT, such as telemetry.example.org or tls://[2001:db8::1]:34568',
    '.+',
  ),
  parse: (text) => parseWireAddress(text, { portMin: 1, schemeElse: 'tcp', expects: serverAddress.expects }),
  write: (address) => (address.scheme === 'tcp' ? addressText(address) : wireAddressText(address)),
};

/** `HOST:PORT`; port 0 picks a free one. */
export const hostAndPort: Form<Address> = {
  ...described('HOST:PORT', 'HOST:PORT, such as 127.0.0.1:8080', '^.+:[0-9]+$'),
  parse: (text) => parseAddress(text, { portMin: 0, portElse: undefined }),
  write: addressText,
};

/** A host name or an address, without a port. */
export const hostName: Form<string> = {
  ...described('HOST', 'a host name or an address without a port, such as telemetry.example.org', '.+'),
  parse(text) {
    const bare = text.replace(/^\[(.*)\]$/, '$1');
    if (isIpv6(bare) || isHost(bare)) return { ok: true, value: bare.toLowerCase() };
    return { ok: false, fault: `it is ${hostName.expects}` };
  },
  write: (value) => value,
};

/** `HOST:PORT`, IPv6 in brackets. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `tls://HOST:PORT`, as a setting writes it. */
export function wireAddressText(address: WireAddress): string {
  return `${address.scheme}://${addressText(address)}`;
}

function parseWireAddress(
  text: string,
  {
    portMin,
    schemeElse,
    expects,
  }: { readonly portMin: 0 | 1; readonly schemeElse: 'tcp' | undefined; readonly expects: string },
): Parsed<WireAddress> {
  const match = /^(?:(tcp|tls):\/\/)?(.*)$/s.exec(text);
  const scheme = match?.[1] === 'tls' ? 'tls' : (match?.[1] ?? schemeElse);
  if (scheme === undefined) return { ok: false, fault: `it is ${expects}` };
  const portElse = scheme === 'tls' ? tlsPortDefault : portDefault;
  const parsed = parseAddress(match?.[2] ?? '', { portMin, portElse });
  return parsed.ok ? { ok: true, value: { scheme: scheme === 'tls' ? 'tls' : 'tcp', ...parsed.value } } : parsed;
}

function parseAddress(
  text: string,
  { portMin, portElse }: { readonly portMin: 0 | 1; readonly portElse: number | undefined },
): Parsed<Address> {
  if (text.includes('/')) return { ok: false, fault: 'it is HOST:PORT alone, without a scheme or a path' };
  if (!/[[\]]/.test(text) && text.indexOf(':') !== text.lastIndexOf(':')) {
    return { ok: false, fault: 'an IPv6 address stands in brackets, such as [::1]:34567' };
  }
  const match = parts.exec(text);
  if (match === null) return { ok: false, fault: 'it is HOST:PORT' };
  const [, bracketed, name, portText] = match;
  const host = bracketed ?? name ?? '';
  if (host === '' || host === '*')
    return { ok: false, fault: 'there is no host in it; all addresses are [::], or 0.0.0.0 for IPv4 alone' };
  if (portText === undefined && portElse === undefined) return { ok: false, fault: 'the port is missing: HOST:PORT' };
  if (bracketed !== undefined && !isIpv6(bracketed))
    return { ok: false, fault: `${shownText(bracketed)} is not an IPv6 address` };
  if (bracketed === undefined && !isHost(host)) {
    return { ok: false, fault: `${shownText(host)} is neither a host name nor an IPv4 address` };
  }
  if (portText === undefined && portElse !== undefined) return { ok: true, value: { host, port: portElse } };
  const port = /^\d{1,5}$/.test(portText ?? '') ? Number(portText) : -1;
  if (port < portMin || port > portMax)
    return { ok: false, fault: `a port is a whole number from ${portMin} to ${portMax}` };
  return { ok: true, value: { host, port } };
}

/** An IPv6 address, with or without a zone. */
function isIpv6(text: string): boolean {
  const address = zone.exec(text)?.[1];
  return address !== undefined && URL.canParse(`http://[${address}]`);
}

/** A host name, or an IPv4 address: a name whose last label is a number is one or nothing. */
function isHost(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.replace(/\.$/, '').split('.');
  if (!labels.every((part) => label.test(part))) return false;
  if (!/^\d+$/.test(labels.at(-1) ?? '')) return true;
  return labels.length === 4 && labels.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function described(
  placeholder: string,
  expects: string,
  pattern: string,
): { placeholder: string; expects: string; plain: ['string']; schema: JsonSchema } {
  return { placeholder, expects, plain: ['string'], schema: { type: 'string', pattern } };
}
