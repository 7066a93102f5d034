import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { RawClient } from '../app/in-process.ts';

/** Where a server is dialled, and from which address of the loopback: the log joins what one address does again and again. */
export interface Way {
  readonly port: number;
  readonly from?: string;
}

/** A connection, and what a proof on it is bound to; `-` without TLS. */
export interface Wire {
  readonly client: RawClient;
  readonly binding: string;
}

const host = '127.0.0.1';

export async function overTcp({ port, from = host }: Way): Promise<Wire> {
  const socket = connectTcp({ host, port, localAddress: from, allowHalfOpen: true });
  await once(socket, 'connect');
  return { client: new RawClient(socket), binding: '-' };
}

export async function overTls(way: Way): Promise<Wire> {
  const socket = await tlsSocket(way);
  return { client: new RawClient(socket), binding: bindingOf(socket) };
}

/** Whatever certificate the server shows: an attacker does not mind, and what clients do about it is their own tests' matter. */
export async function tlsSocket({ port, from = host }: Way): Promise<TLSSocket> {
  const dialled = { host, port, localAddress: from, allowHalfOpen: true };
  const options: ConnectionOptions & TcpNetConnectOpts = { ...dialled, rejectUnauthorized: false };
  const socket = connectTls(options);
  await once(socket, 'secureConnect');
  return socket;
}

/** Protocol 6, in a second writing. */
function bindingOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-telemetry-v2', Buffer.alloc(0)).toString('base64url');
}

/** What a machine is asked to sign, and where. */
export interface Question {
  readonly nonce: string;
  readonly registration: string;
  readonly binding: string;
  readonly token?: string | undefined;
}

/** A machine that does exactly what a test says, with a key of its own. */
export class KeyedMachine {
  readonly name: string;
  readonly key: string;
  readonly #pair = generateKeyPairSync('ed25519');

  constructor(name: string) {
    this.name = name;
    this.key = String(this.#pair.publicKey.export({ format: 'jwk' }).x);
  }

  /** The data of its `!RGTR`. */
  registration(members: Readonly<Record<string, unknown>> = {}): string {
    const { name } = this;
    const own = { name, ip: host, UDP_port: 0, time: '2026-11-21T10:00:00Z', v: 2, epoch: '5f2c91e0', key: true };
    return JSON.stringify({ ...own, ...members });
  }

  /** The data of its `!AUTH`. */
  proof({ nonce, registration, binding, token }: Question): string {
    const digest = createHash('sha256').update(registration).digest('base64url');
    const text = `telemetry-auth-v2\n${nonce}\n${digest}\n${binding}`;
    const signature = sign(null, Buffer.from(text), this.#pair.privateKey).toString('base64url');
    return [this.key, signature, token].filter((part) => part !== undefined).join(' ');
  }

  /** Asks to be registered, proves its key, and answers what the server says to that. */
  async enter(
    wire: Wire,
    { token, ...members }: Readonly<Record<string, unknown>> & { readonly token?: string } = {},
  ): Promise<string> {
    const { client, binding } = wire;
    const registration = this.registration(members);
    const nonce = await challenge(client, registration);
    return client.send('!AUTH', this.proof({ nonce, registration, binding, token })).answer();
  }
}

/** The nonce with which the server answers a registration. */
export async function challenge(client: RawClient, registration: string): Promise<string> {
  const answer = await client.send('!RGTR', registration).answer();
  if (!answer.startsWith('!AUTH')) throw new Error(`not asked for a key: ${answer}`);
  return answer.slice('!AUTH'.length);
}

/** The members of a `!SUCC`. */
export function granted(answer: string): Readonly<Record<string, unknown>> {
  if (!answer.startsWith('!SUCC')) throw new Error(answer);
  return Object(JSON.parse(answer.slice('!SUCC'.length)));
}
