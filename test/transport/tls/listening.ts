import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Link } from '../../../src/transport/link.ts';
import { dialTls, type TlsVerification } from '../../../src/transport/tls/dial-tls.ts';
import type { HandshakeLimits, TlsFailure } from '../../../src/transport/tls/handshakes.ts';
import { listenTls, type TlsListener } from '../../../src/transport/tls/listen-tls.ts';
import { freshCredentials } from './certificates.ts';

/** What comes, in order, for a test that waits for the next. */
export class Queue<Item> {
  readonly #items: Item[] = [];
  readonly #waiting: ((item: Item) => void)[] = [];

  add(item: Item): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#items.push(item);
    else next(item);
  }

  next(): Promise<Item> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }

  get length(): number {
    return this.#items.length;
  }
}

/** A TLS listener on a free port, what it accepted, and what failed. Leaving the block of `await using` ends it with all of its links. */
export class Listening implements AsyncDisposable {
  readonly accepted = new Queue<Link>();
  readonly failures = new Queue<TlsFailure>();
  readonly links: Link[] = [];
  readonly sockets: Socket[] = [];
  readonly listener: TlsListener;
  readonly fingerprint: string;

  private constructor(start: {
    readonly listener: TlsListener;
    readonly fingerprint: string;
    readonly accepted: Queue<Link>;
    readonly failures: Queue<TlsFailure>;
  }) {
    this.listener = start.listener;
    this.fingerprint = start.fingerprint;
    this.accepted = start.accepted;
    this.failures = start.failures;
  }

  static async start({
    credentials,
    host = '127.0.0.1',
    limits,
  }: {
    readonly credentials?: Awaited<ReturnType<typeof freshCredentials>>;
    readonly host?: string;
    readonly limits?: HandshakeLimits;
  } = {}): Promise<Listening> {
    const shown = credentials ?? (await freshCredentials());
    const accepted = new Queue<Link>();
    const failures = new Queue<TlsFailure>();
    const listener = await listenTls(
      { host, port: 0 },
      {
        credentials: shown,
        accept: (link) => {
          accepted.add(link);
        },
        failed: (failure) => {
          failures.add(failure);
        },
        ...(limits !== undefined && { limits }),
      },
    );
    return new Listening({ listener, fingerprint: shown.fingerprint, accepted, failures });
  }

  /** What became of a dial: the link, or why there is none. */
  async dial(verify: TlsVerification = { fingerprint: this.fingerprint }, host = '127.0.0.1'): Promise<Link | string> {
    const outcome = await new Promise<Link | string>((resolve) => {
      dialTls({ host, port: this.listener.port, verify })({ connected: resolve, failed: resolve });
    });
    if (typeof outcome !== 'string') this.links.push(outcome);
    return outcome;
  }

  async pair(): Promise<{ readonly here: Link; readonly there: Link }> {
    const here = await this.dial();
    if (typeof here === 'string') throw new Error(here);
    const there = await this.accepted.next();
    this.links.push(there);
    return { here, there };
  }

  /** A peer that is connected and has said nothing. */
  async silentPeer(): Promise<Socket> {
    const socket = connectTcp({ host: '127.0.0.1', port: this.listener.port });
    socket.on('error', () => undefined);
    this.sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.links) link.destroy();
    for (const socket of this.sockets) socket.destroy();
    for (let left = this.accepted.length; left > 0; left -= 1) (await this.accepted.next()).destroy();
    await this.listener.close();
  }
}

/** What happens on a link, as words. */
export function watch(link: Link): Queue<string> {
  const happened = new Queue<string>();
  link.listen({
    data: (bytes) => {
      happened.add(new TextDecoder().decode(bytes));
    },
    drained: () => {
      happened.add('drained');
    },
    ended: () => {
      happened.add('ended');
    },
    closed: (reason) => {
      happened.add(`closed ${reason}`);
    },
  });
  return happened;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
