/** What is put together to the line that a machine is told: where it joins, how the server is known, and what lets it in. */
export interface JoinPlace {
  /** A name or an address; IPv6 with brackets or without. */
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
  readonly token: string;
}

export function joinLine({ host, port, fingerprint, token }: JoinPlace): string {
  return `telemetry-client join ${hostWritten(host)}:${port}/${fingerprint}/${token}`;
}

/** What a machine on a trusted network is told; the port only where it is not the one that clients know. */
export function plainLine(host: string, tcpPort: number): string {
  const written = hostWritten(host);
  return `npx --package telemetry-hub telemetry-client --server ${tcpPort === 34_567 ? written : `${written}:${tcpPort}`}`;
}

/** IPv6 stands in brackets before a port. */
function hostWritten(host: string): string {
  const bare = host.trim();
  return bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare;
}

/** Whether only the machine itself reaches it. `hostname` as a browser has it in `location`. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.trim().toLowerCase().replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    name === '::1' ||
    /^127(\.\d+){3}$/.test(name)
  );
}

/** Why no machine can be told this name or address; undefined where it can. */
export function hostFault(host: string): string | undefined {
  const bare = host.trim();
  if (bare === '') return 'Give the name or the address by which the machine reaches this server.';
  if (isAddressWithPort(bare)) return 'Give the name or the address alone; the port is added.';
  if (!/^(\[[0-9a-f:.]+\]|[0-9a-f:.]*:[0-9a-f:.]*|[^\s/\\:[\]@'"`$;&|<>()?#*]+)$/i.test(bare)) {
    return 'That is neither a name nor an address.';
  }
  return undefined;
}

function isAddressWithPort(text: string): boolean {
  return /^[^:]+:\d+$/.test(text) || /^\[[^\]]*\]:\d+$/.test(text);
}
