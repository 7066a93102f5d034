import type { Clock } from '../core/clock.ts';
import type { ServerAction, ServerInput } from '../session/server-contract.ts';
import { ServerSession } from '../session/server-session.ts';
import type { Link } from './link.ts';
import { Runner } from './runner.ts';
import { Wire } from './wire.ts';

export interface ServerConnectionOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly tag: (token: string, text: string) => string;
  /** Does what the connection itself cannot; a `close` comes here too, once it is closed. */
  readonly perform: (action: ServerAction, connection: ServerConnection) => void;
  /** The intake holds as much as it may: a connection with frames unanswered reads no more. */
  readonly crowded: () => boolean;
}

/** One accepted connection: its session, its link and its timer. */
export class ServerConnection {
  readonly #session: ServerSession;
  readonly #wire: Wire;
  readonly #runner: Runner<ServerInput, ServerAction>;
  readonly #options: ServerConnectionOptions;

  constructor(options: ServerConnectionOptions) {
    const { link, clock, tag } = options;
    this.#options = options;
    this.#session = new ServerSession({ tcpPort: link.localPort, tag, nowMs: clock.monotonicMs() });
    this.#runner = new Runner({
      machine: this.#session,
      clock,
      perform: (action) => this.#perform(action),
      settled: () => this.#regulate(),
    });
    this.#wire = new Wire(link, (input) => this.#runner.input(input));
    // Sets the timer of a connection that says nothing.
    this.#runner.input({ type: 'wake' });
  }

  get peerAddress(): string {
    return this.#options.link.peerAddress;
  }

  get peerPort(): number {
    return this.#options.link.peerPort;
  }

  get localAddress(): string {
    return this.#options.link.localAddress;
  }

  /** How often the wanted interval has been sent on this connection. */
  get intervalTries(): number {
    return this.#session.intervalTries;
  }

  input(input: ServerInput): void {
    this.#runner.input(input);
  }

  #perform(action: ServerAction): void {
    if (action.type === 'send') {
      this.#wire.send(action.frame);
      return;
    }
    if (action.type === 'end') {
      this.#wire.end();
      return;
    }
    if (action.type === 'close') {
      this.#wire.close();
      this.#runner.stop();
    }
    this.#options.perform(action, this);
  }

  /** Backpressure: reads only what the session, and the intake behind it, can take. */
  #regulate(): void {
    if (!this.#wire.isOpen) return;
    const session = this.#session;
    const reads = session.wantsFrames && !(session.unanswered > 0 && this.#options.crowded());
    if (reads === this.#wire.isReading) return;
    if (reads) this.#wire.resume();
    else this.#wire.pause();
    this.#runner.input({ type: reads ? 'resumed' : 'paused' });
  }
}
