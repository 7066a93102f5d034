/** An address as it is compared and shown: IPv4 where an IPv6 socket shows it mapped, and without zone. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice('::ffff:'.length) : bare;
}
