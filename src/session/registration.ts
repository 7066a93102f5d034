import { limits } from '../core/limits.ts';
import { jsonBytes, parseObject } from './json-text.ts';
import { isAddress } from './ip-address.ts';
import { isEpoch } from './reading-codec.ts';
import { isInterval } from './interval-update.ts';

/** What a client says of itself in `!RGTR` (protocol 3). */
export interface Registration {
  readonly name: string;
  readonly ip: string;
  /** 0: it does not hear UDP. */
  readonly udpPort: number;
  readonly time: string;
  readonly v: 1 | 2;
  /** Only, and always, of a v2 client. */
  readonly epoch: string | undefined;
  readonly id: string | undefined;
  /** It holds a key and can prove it, so a server on plain TCP may ask. */
  readonly hasKey?: true;
}

/** What a server grants in `!SUCC` (protocol 3). */
export interface Grant {
  readonly clientId: string;
  readonly tcpPort: number;
  readonly seconds: number;
  readonly v: 1 | 2;
  readonly seq: number;
  readonly rev: number;
  readonly token: string;
}

// oxlint-disable-next-line no-control-regex -- a name is shown on terminals
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const clientIdForm = new RegExp(`^[A-Za-z0-9._~-]{1,${limits.clientIdBytesMax}}$`);

/** The registration in the data of `!RGTR`, or the sentence that says what is missing or mistyped. */
export function parseRegistration(data: string): Registration | string {
  const members = parseObject(data);
  if (members === undefined) return 'the data is not a JSON object';
  const { name, ip, time, v, epoch, id } = members;
  const udpPort = members['UDP_port'];
  if (typeof name !== 'string' || !isName(name)) {
    return `name is not a string of 1 to ${limits.nameBytesMax} bytes without control characters`;
  }
  if (typeof ip !== 'string' || !isAddress(ip)) return 'ip is not an IPv4 or IPv6 address without zone';
  if (typeof udpPort !== 'number' || !Number.isInteger(udpPort) || udpPort < 0 || udpPort > 65_535) {
    return 'UDP_port is not an integer from 0 to 65535';
  }
  if (typeof time !== 'string') return 'time is not a string';
  if (v !== undefined && (typeof v !== 'number' || !Number.isInteger(v) || v < 1)) return 'v is not an integer from 1';
  const version = v === undefined || v === 1 ? 1 : 2;
  if (version === 1) return { name, ip, udpPort, time, v: 1, epoch: undefined, id: undefined };
  if (!isEpoch(epoch)) return 'epoch is not 8 hex digits';
  if (id !== undefined && typeof id !== 'string') return 'id is not a string';
  const registration = { name, ip, udpPort, time, v: 2, epoch, id } as const;
  return members['key'] === true ? { ...registration, hasKey: true } : registration;
}

/** Whether a unit may be called so: 1 to 48 bytes without control characters. */
export function isName(text: string): boolean {
  return text !== '' && jsonBytes(text) <= limits.nameBytesMax && !control.test(text);
}

/** Whether a v2 server may have given this `client_id`: URL-safe, at most 24 bytes. */
export function isClientId(text: string): boolean {
  return clientIdForm.test(text);
}

export function registrationData(registration: Registration): string {
  const { name, ip, udpPort, time, v, epoch, id, hasKey } = registration;
  return JSON.stringify({ name, ip, UDP_port: udpPort, time, v, epoch, id, key: hasKey });
}

export function grantData({ clientId, tcpPort, seconds, v, seq, rev, token }: Grant): string {
  return v === 1
    ? JSON.stringify({ client_id: clientId, tcp_port: tcpPort, port: tcpPort, interval: seconds })
    : JSON.stringify({ client_id: clientId, tcp_port: tcpPort, interval: seconds, v, seq, rev, token });
}

/** The grant in the data of `!SUCC`, or the sentence that says why a client cannot go by it. */
export function parseGrant(data: string): Grant | string {
  const members = parseObject(data);
  if (members === undefined) return 'the data of !SUCC is not a JSON object';
  const { interval: seconds, v, seq, rev, token } = members;
  const clientId = members['client_id'];
  const tcpPort = members['tcp_port'] ?? members['port'];
  // Deployed v1 servers number their clients.
  const id = typeof clientId === 'number' ? String(clientId) : clientId;
  if (typeof id !== 'string') return 'client_id of !SUCC is not a string';
  if (typeof seconds !== 'number' || !isInterval(seconds)) return 'interval of !SUCC is not from 0.1 to 86400 s';
  const common = { clientId: id, tcpPort: typeof tcpPort === 'number' ? tcpPort : 0, seconds };
  if (v === undefined || v === 1) return { ...common, v: 1, seq: 0, rev: 0, token: '' };
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return 'seq of !SUCC is not an integer from 0';
  if (typeof rev !== 'number' || !Number.isSafeInteger(rev) || rev < 0) return 'rev of !SUCC is not an integer from 0';
  if (typeof token !== 'string' || token === '') return 'token of !SUCC is missing';
  if (!isClientId(id)) return `client_id of !SUCC is not URL-safe and of at most ${limits.clientIdBytesMax} bytes`;
  return { ...common, v: 2, seq, rev, token };
}
