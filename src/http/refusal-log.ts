import type { FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Fields, Level, Log } from '../core/log.ts';
import { addressBlock } from '../core/address-block.ts';
import { TokenBuckets } from '../core/token-bucket.ts';
import { plainAddress } from './host-check.ts';

/** As much of a request as tells who sent it: all that there is of one that could not be read. */
export interface Sender {
  readonly raw: {
    readonly socket: { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined };
  };
}

/** Of one address: the first few at once, then six a minute. What is not said is counted in the next line. */
const rate = { perSecond: 0.1, burst: 10 };
const addressesMax = 1_000;

/** Tells the log what was refused to whom, so that nobody can fill it by asking for what is refused. */
export class RefusalLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #buckets = new TokenBuckets(rate, addressesMax);
  #unsaid = 0;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** A request that was refused for who sent it, from where, or for what it is. */
  refused(request: FastifyRequest, problem: string, fields: Fields = {}): void {
    const { method } = request;
    this.report('warn', 'request-refused', request, { problem, method, path: pathOf(request.url), ...fields });
  }

  report(level: Level, event: string, request: Sender, fields: Fields): void {
    if (!this.#buckets.take(addressBlock(addressOf(request)), this.#clock.monotonicMs())) {
      this.#unsaid += 1;
      return;
    }
    const unsaid = this.#unsaid;
    this.#unsaid = 0;
    this.#log(level, event, { peer: peerOf(request), ...fields, ...(unsaid > 0 && { unsaid }) });
  }
}

/** The address that a request comes from; what proxies say of others is not believed. */
export function addressOf({ raw }: Sender): string {
  return plainAddress(raw.socket.remoteAddress ?? '');
}

/** The same with its port, as the log has it. */
export function peerOf(request: Sender): string {
  const address = addressOf(request);
  return `${address.includes(':') ? `[${address}]` : address}:${request.raw.socket.remotePort ?? 0}`;
}

function pathOf(url: string): string {
  return (url.split('?', 1)[0] ?? '').slice(0, 200);
}
