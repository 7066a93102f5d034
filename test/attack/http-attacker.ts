import { connect, type Socket } from 'node:net';

/** All that came back, and what it is. */
export interface Answer {
  readonly status: number;
  /** The line of the status, and the headers. */
  readonly head: string;
  readonly body: string;
  /** The last part of the problem's type. */
  readonly problem: string | undefined;
}

export interface Asking {
  readonly method?: string;
  /** In the place of those of this name that it would send. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes HTTP as it likes, from an address of its own, by which the log tells one attacker from the next. */
export class HttpAttacker {
  readonly from: string;
  readonly #port: number;

  constructor(api: string, from: string) {
    this.#port = Number(new URL(api).port);
    this.from = from;
  }

  /** `target` goes out as it stands. */
  async ask(target: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
    const own = { host: `127.0.0.1:${this.#port}`, connection: 'close' };
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const lines = Object.entries({ ...own, ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    return answerOf(await this.send(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`).ended);
  }

  /** Writes bytes; the rest is the caller's. `ended` is all that came back until the server closed. */
  send(bytes: string): { readonly socket: Socket; readonly ended: Promise<string> } {
    const socket = connect({ host: '127.0.0.1', port: this.#port, localAddress: this.from });
    socket.write(bytes);
    const ended = new Promise<string>((resolve) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      // A server that has seen enough may reset what it does not read.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(text);
      });
    });
    return { socket, ended };
  }
}

export function answerOf(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const [head, body] = [text.slice(0, end), text.slice(end + 4)];
  const problem = /"urn:telemetry-hub:problem:([a-z-]+)"/.exec(body)?.[1];
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]), head, body, problem };
}
