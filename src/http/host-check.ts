import { isIPv4, isIPv6 } from 'node:net';

/** Whether only programs on this machine reach a server that listens there. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/**
 * Whether a Host header is one that a user of a server bound to a loopback address types. A page of an attacker whose name resolves to
 * 127.0.0.1 (DNS rebinding) is let in by the browser as the same origin; its Host header tells it apart. The port may be any, since ports get
 * forwarded.
 */
export function hostAllowed(header: string, boundHost: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(header);
  const name = match?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return ['localhost', '127.0.0.1', '[::1]', bracketed(boundHost.toLowerCase())].includes(name);
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
