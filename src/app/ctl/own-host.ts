import { BlockList, isIP } from 'node:net';

const own = new BlockList();
own.addSubnet('127.0.0.0', 8);
own.addAddress('::1', 'ipv6');
// "This machine" where one connects to it (RFC 1122 section 3.2.1.3; Linux takes :: alike).
own.addAddress('0.0.0.0');
own.addAddress('::', 'ipv6');

/** Whether a host, as it stands in an address, is the machine that asks: nothing on the way can see what it is told. */
export function isOwnHost(host: string): boolean {
  const name = bareHost(host).toLowerCase();
  const version = isIP(name);
  if (version === 0) return name === 'localhost' || name.endsWith('.localhost');
  return own.check(name, version === 6 ? 'ipv6' : 'ipv4');
}

/** Without the brackets that an IPv6 address has in a URL. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
