import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../client/private-file.ts';
import type { WireAddress } from '../config/contract.ts';
import { serverAddress, wireAddressText } from '../config/kinds/address.ts';
import { fingerprint } from '../config/kinds/fingerprint.ts';
import { unitName } from '../config/kinds/unit-name.ts';
import { CodedError } from '../core/coded-error.ts';
import { systemErrorCode } from '../core/system-error.ts';

/** The server that a machine has joined. */
export interface JoinedServer {
  readonly server: WireAddress;
  /** The SHA-256 of its certificate, 64 hexadecimal digits. */
  readonly fingerprint: string;
  /** What the machine was called when it joined; undefined: as its host is. */
  readonly name: string | undefined;
}

/** The server in the file `server.json` of the client's state folder; undefined where there is none. Throws CodedError `joined-server-unusable`. */
export function readJoinedServer(folder: string): JoinedServer | undefined {
  const path = pathIn(folder);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = systemErrorCode(cause) ?? 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable(`${path} cannot be read (${code}); give it to the user that this program runs as`, cause);
  }
  const joined = joinedServerIn(text);
  if (joined === undefined)
    throw unusable(`${path} does not say which server this machine has joined; join again, or give --server`);
  return joined;
}

/** Keeps it for the next start. Throws the system's error. */
export function writeJoinedServer(folder: string, joined: JoinedServer, mark: string): void {
  const members = { server: wireAddressText(joined.server), fingerprint: joined.fingerprint, name: joined.name };
  writePrivateFile(pathIn(folder), `${JSON.stringify(members)}\n`, { replace: true, mark });
}

function pathIn(folder: string): string {
  return join(folder, 'server.json');
}

function joinedServerIn(text: string): JoinedServer | undefined {
  const members = membersOf(text);
  if (typeof members['server'] !== 'string' || typeof members['fingerprint'] !== 'string') return undefined;
  const place = { resolvePath: (path: string): string => path };
  const server = serverAddress.parse(members['server'], place);
  const digits = fingerprint.parse(members['fingerprint'], place);
  if (!server.ok || !digits.ok || server.value.scheme !== 'tls') return undefined;
  const name = members['name'];
  if (name !== undefined && (typeof name !== 'string' || !unitName.parse(name, place).ok)) return undefined;
  return { server: server.value, fingerprint: digits.value, name };
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function unusable(words: string, cause?: unknown): CodedError {
  return new CodedError('joined-server-unusable', words, { cause });
}
