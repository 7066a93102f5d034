import { isIPv4, isIPv6 } from 'node:net';
import { isLoopback as isOwn } from '../core/address-block.ts';

/** Whether only programs on this machine reach a server that listens there, or somebody who comes from there is one: 127.0.0.0/8, ::1, and the former as IPv6 writes them. */
export function isLoopback(host: string): boolean {
  return isOwn(plainAddress(host));
}

/** An address as people write it: IPv4 that came over an IPv6 socket as IPv4, and without a zone. */
export function plainAddress(address: string): string {
  const [withoutZone = ''] = address.split('%', 1);
  const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i.exec(withoutZone)?.groups?.['v4'];
  return mapped ?? withoutZone;
}

export interface HostNames {
  /** Where the server listens. */
  readonly boundHost: string;
  /** The machine's own name. */
  readonly machine: string;
  /** Others under which it is reached, in lower case or not. */
  readonly others: readonly string[];
}

/**
 * What a Host header calls this server; undefined: another one. A page of an attacker whose name resolves to the server's address (DNS rebinding) is let in by the browser
 * as the same origin; its Host header tells it apart. The port may be any, since ports get forwarded. `own`: a name that every browser on this machine means itself by,
 * or the bound address; a server on loopback answers to these alone, and to the `given` ones, which its operator has named.
 */
export function hostKind(header: string, names: HostNames): 'own' | 'given' | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(header);
  const name = match?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  const bound = names.boundHost.toLowerCase();
  if (['localhost', '127.0.0.1', '[::1]', bracketed(bound)].includes(name)) return 'own';
  if (names.others.some((other) => other.toLowerCase() === name)) return 'given';
  if (isLoopback(bound)) return undefined;
  const isLiteral = isIPv4(name) || (name.startsWith('[') && isIPv6(name.slice(1, -1)));
  return isLiteral || name === names.machine.toLowerCase() ? 'given' : undefined;
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
