import { readFileSync } from 'node:fs';
import type { ClientConfig, WireAddress } from '../config/contract.ts';
import { wireAddressText } from '../config/kinds/address.ts';
import { CodedError } from '../core/coded-error.ts';
import { systemErrorCode } from '../core/system-error.ts';
import type { Dial } from '../transport/client-connection.ts';
import { dialTcp } from '../transport/tcp.ts';
import { readJoinedServer } from './joined-server.ts';

/** Which server a client reports to, and how it is known. */
export interface ServerChoice {
  readonly server: WireAddress;
  readonly fingerprint: string | undefined;
  /** A file of CAs. */
  readonly ca: string | undefined;
  readonly name: string;
  /** What is probably not meant. */
  readonly warning: string | undefined;
}

/** The server of the configuration, or else the one that this machine has joined, under the name that it was then given. Throws CodedError `bad-usage` where there is neither. */
export function chooseServer({ server, tls, stateDir, name, nameIsHosts }: ClientConfig): ServerChoice {
  if (server !== undefined) return { server, ...tls, name, warning: warningOf(server, stateDir) };
  const joined = readJoinedServer(stateDir);
  if (joined !== undefined) {
    const joinedName = nameIsHosts === true ? joined.name : undefined;
    return { ...joined, ca: undefined, name: joinedName ?? name, warning: undefined };
  }
  throw new CodedError(
    'bad-usage',
    `the client does not know where to report to: give --server HOST, or TELEMETRY_SERVER, or server in the configuration file; or join a server with the line that telemetryctl token new prints there, telemetry-client join HOST:PORT/FINGERPRINT/TOKEN. ${stateDir} has none that was joined`,
    { exitCode: 2 },
  );
}

/** That a machine has joined one server and is told another may well be an oversight. */
function warningOf(server: WireAddress, stateDir: string): string | undefined {
  try {
    const joined = readJoinedServer(stateDir);
    if (joined === undefined || wireAddressText(joined.server) === wireAddressText(server)) return undefined;
    return `this machine has joined ${wireAddressText(joined.server)}, but reports to ${wireAddressText(server)}, which --server, TELEMETRY_SERVER or the configuration file says`;
  } catch (error) {
    // It is not needed.
    if (error instanceof CodedError) return error.message;
    throw error;
  }
}

/** Throws CodedError `tls-unusable` where the file of CAs is of no use. */
export async function dialOf({
  server,
  fingerprint,
  ca,
}: Pick<ServerChoice, 'server' | 'fingerprint' | 'ca'>): Promise<Dial> {
  if (server.scheme === 'tcp') return dialTcp(server);
  const verify =
    fingerprint === undefined ? { ca: ca === undefined ? undefined : readAuthorities(ca) } : { fingerprint };
  // Loaded only where it is spoken: node:tls brings node:crypto along.
  const { dialTls } = await import('../transport/tls/dial-tls.ts');
  return dialTls({ host: server.host, port: server.port, verify });
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = systemErrorCode(cause) ?? 'unknown error';
    throw new CodedError('tls-unusable', `tls.ca: ${file} cannot be read (${code}); give the PEM file with the CAs`, {
      exitCode: 2,
      cause,
    });
  }
}
