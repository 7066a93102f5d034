import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';

export interface TappedEvent {
  readonly id: number;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One reader of an event stream, which may stop reading. */
export class EventTap implements AsyncDisposable {
  readonly response: { readonly headers: Headers };
  readonly ended: Promise<void>;
  text = '';
  readonly events: TappedEvent[] = [];
  readonly #message: IncomingMessage;
  #rest = '';

  private constructor(message: IncomingMessage, paused: boolean) {
    this.#message = message;
    this.response = {
      headers: new Headers(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    };
    this.ended = new Promise((resolve) => message.once('close', () => resolve()));
    message.setEncoding('utf8').on('error', () => {});
    message.on('data', (text: string) => this.#take(text));
    if (paused) message.pause();
  }

  static open(url: string, { paused = false } = {}): Promise<EventTap> {
    return new Promise((resolve, reject) => {
      get(url, { agent: false }, (message) => resolve(new EventTap(message, paused))).on('error', reject);
    });
  }

  get paused(): boolean {
    return this.#message.isPaused();
  }

  resume(): void {
    this.#message.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#message.destroy();
    await this.ended;
  }

  #take(text: string): void {
    if (this.text.length < 65_536) this.text += text;
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const match = /^id: (\d+)\nevent: (\S+)\ndata: ([^\n]*)$/.exec(block);
      if (match === null) continue;
      const data: unknown = JSON.parse(match[3] ?? '');
      this.events.push({
        id: Number(match[1]),
        name: match[2] ?? '',
        data: Object.fromEntries(Object.entries(Object(data))),
      });
    }
  }
}
