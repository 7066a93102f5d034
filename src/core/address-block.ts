/**
 * Whom limits by address take for one: an IPv4 address, or the /64 of an IPv6 address, in which whoever has one address has 2^64 of them. `address` is without zone,
 * and IPv4 where it is a mapped one.
 */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const left = Array.from({ length: Math.max(0, groupCount - first.length - last.length) }, () => '0');
  const network = [...first, ...left, ...last].slice(0, networkGroups);
  return `${network.join(':')}::/64`;
}

const loopback = /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/i;

/** Whether it is this machine's own way to itself: 127.0.0.0/8, ::1, or the name localhost. An address is as in `addressBlock`. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

const groupCount = 8;
const networkGroups = 4;

function groupsOf(text: string): readonly string[] {
  if (text === '') return [];
  // An IPv4 address at the end stands for two groups, which are never of the network.
  return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
