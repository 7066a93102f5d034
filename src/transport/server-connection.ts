import type { Clock } from '../core/clock.ts';
import type { ServerAction, ServerInput } from '../session/server-contract.ts';
import { ServerSession } from '../session/server-session.ts';
import type { Alarms } from './alarms.ts';
import type { Link } from './link.ts';
import { Runner, type RunnerOwner } from './runner.ts';
import { Wire } from './wire.ts';

/** What the connections of a server have in common. */
export interface ServerConnectionOptions {
  readonly clock: Clock;
  /** The server's, for all of its connections. */
  readonly alarms: Alarms;
  readonly tag: (token: string, text: string) => string;
  /** Does what the connection itself cannot; a `close` comes here too, once it is closed. */
  readonly perform: (action: ServerAction, connection: ServerConnection) => void;
  /** The intake holds as much as it may: a connection with frames unanswered reads no more. */
  readonly crowded: () => boolean;
}

const storedInput: ServerInput = { type: 'stored' };

/** One accepted connection: its session, its link and its timer. */
export class ServerConnection implements RunnerOwner<ServerAction> {
  /** Of whoever performs its actions. */
  guest: object | undefined;
  readonly #session: ServerSession;
  readonly #wire: Wire;
  readonly #runner: Runner<ServerInput, ServerAction>;
  readonly #link: Link;
  readonly #options: ServerConnectionOptions;

  constructor(link: Link, options: ServerConnectionOptions) {
    const { clock, alarms, tag } = options;
    this.#link = link;
    this.#options = options;
    this.#session = new ServerSession({ tcpPort: link.localPort, tag, nowMs: clock.monotonicMs() });
    this.#runner = new Runner<ServerInput, ServerAction>({ machine: this.#session, clock, alarms, owner: this });
    this.#wire = new Wire(link, this.#runner);
    // Sets the timer of a connection that says nothing.
    this.#runner.input({ type: 'wake' });
  }

  get peerAddress(): string {
    return this.#link.peerAddress;
  }

  get peerPort(): number {
    return this.#link.peerPort;
  }

  get localAddress(): string {
    return this.#link.localAddress;
  }

  /** How often the wanted interval has been sent on this connection. */
  get intervalTries(): number {
    return this.#session.intervalTries;
  }

  input(input: ServerInput): void {
    this.#runner.input(input);
  }

  /** The oldest of the readings that the session gave is stored. Its answer goes out with `flush`. */
  stored(): void {
    this.#wire.hold();
    this.#runner.input(storedInput);
  }

  flush(): void {
    this.#wire.release();
  }

  perform(action: ServerAction): void {
    switch (action.type) {
      case 'send':
        this.#wire.send(action.frame);
        return;
      case 'end':
        this.#wire.end();
        return;
      case 'close':
        this.#wire.close();
        this.#runner.stop();
        this.#options.perform(action, this);
        return;
      default:
        this.#options.perform(action, this);
    }
  }

  /** Backpressure: reads only what the session, and the intake behind it, can take. */
  settled(): void {
    if (!this.#wire.isOpen) return;
    const session = this.#session;
    const reads = session.wantsFrames && !(session.unanswered > 0 && this.#options.crowded());
    if (reads === this.#wire.isReading) return;
    if (reads) this.#wire.resume();
    else this.#wire.pause();
    this.#runner.input({ type: reads ? 'resumed' : 'paused' });
  }
}
