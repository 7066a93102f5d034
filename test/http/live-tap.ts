import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import type { FleetChanges, FleetSnapshot } from '../../src/api/contract.ts';
import { until } from './fake-hub.ts';

export type LiveEvent =
  | { readonly id: string; readonly name: 'fleet'; readonly data: FleetSnapshot }
  | { readonly id: string; readonly name: 'changes'; readonly data: FleetChanges };

export interface LiveTapOptions {
  readonly paused?: boolean;
  readonly lastId?: string | undefined;
  readonly unit?: string;
  readonly token?: string;
}

/** One reader of the fleet's stream, which may stop reading. */
export class LiveTap implements AsyncDisposable {
  readonly status: number;
  readonly ended: Promise<void>;
  readonly events: LiveEvent[] = [];
  comments = 0;
  readonly #message: IncomingMessage;
  #rest = '';

  private constructor(message: IncomingMessage, paused: boolean) {
    this.#message = message;
    this.status = message.statusCode ?? 0;
    this.ended = new Promise((resolve) => message.once('close', () => resolve()));
    message.setEncoding('utf8').on('error', () => {});
    message.on('data', (text: string) => this.#take(text));
    if (paused) message.pause();
  }

  static open(url: string, { paused = false, lastId, unit, token }: LiveTapOptions = {}): Promise<LiveTap> {
    const headers = {
      ...(lastId !== undefined && { 'last-event-id': lastId }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const query = unit === undefined ? '' : `?unit=${unit}`;
    return new Promise((resolve, reject) => {
      get(`${url}/api/v1/fleet/stream${query}`, { agent: false, headers }, (message) =>
        resolve(new LiveTap(message, paused)),
      ).on('error', reject);
    });
  }

  /** With its first event. */
  static async begun(url: string, options?: LiveTapOptions): Promise<LiveTap> {
    const tap = await LiveTap.open(url, options);
    await tap.has(1);
    return tap;
  }

  /** Resolves with the newest event when there are so many. */
  async has(count: number): Promise<LiveEvent> {
    await until(() => this.events.length >= count, `event ${count}; there are ${this.events.length}`);
    const event = this.events[count - 1];
    if (event === undefined) throw new Error('no such event');
    return event;
  }

  /** The event of that number, which is one of changes. */
  async changes(count: number): Promise<FleetChanges> {
    const event = await this.has(count);
    if (event.name !== 'changes') throw new Error(`event ${count} is ${event.name}`);
    return event.data;
  }

  get lastId(): string | undefined {
    return this.events.at(-1)?.id;
  }

  resume(): void {
    this.#message.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#message.destroy();
    await this.ended;
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) this.comments += 1;
      const match = /^id: ([0-9a-f]{8}-\d+)\nevent: (fleet|changes)\ndata: ([^\n]*)$/.exec(block);
      if (match === null) continue;
      const [, id = '', name = '', data = ''] = match;
      this.events.push({ id, name, data: JSON.parse(data) } as LiveEvent);
    }
  }
}
