import type { Clock } from '../core/clock.ts';
import type { Frame } from '../framing/frame.ts';
import type { ClientAction, ClientInput } from '../session/client-contract.ts';
import type { ClientSession } from '../session/client-session.ts';
import { Alarms } from './alarms.ts';
import type { Link } from './link.ts';
import { Runner, type RunnerOwner } from './runner.ts';
import { Wire } from './wire.ts';

/** Connects to the server. Exactly one of the two is called, unless the result, which gives up, was called before. */
export type Dial = (outcome: { connected(link: Link): void; failed(reason: string): void }) => () => void;

export interface ClientConnectionOptions {
  readonly session: ClientSession;
  readonly clock: Clock;
  readonly dial: Dial;
  /** What `!RGTR` says and the session cannot know: the epoch of new readings, and the clock. */
  readonly introduce: () => { readonly epoch: string; readonly timeText: string };
  /** Does what is not the connection's: everything but sending and closing. */
  readonly perform: (action: ClientAction) => void;
  /** Called after each input has been dealt with: there may be room for more readings. */
  readonly settled: () => void;
}

/** It has one deadline at a time, to which it keeps as well as timers do. */
const alarmStepMs = 1;

/** A client's connections, one after another: its session, the link of the day, and its timer. */
export class ClientConnection implements RunnerOwner<ClientAction> {
  readonly #options: ClientConnectionOptions;
  readonly #runner: Runner<ClientInput, ClientAction>;
  #wire: Wire | undefined;
  #giveUp: (() => void) | undefined;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    const { session, clock } = options;
    const alarms = new Alarms(clock, alarmStepMs);
    this.#runner = new Runner<ClientInput, ClientAction>({ machine: session, clock, alarms, owner: this });
  }

  input(input: ClientInput): void {
    this.#runner.input(input);
  }

  datagram(frame: Frame, from: string): void {
    this.#runner.input({ type: 'datagram', frame, from });
  }

  settled(): void {
    this.#options.settled();
  }

  perform(action: ClientAction): void {
    switch (action.type) {
      case 'connect':
        this.#connect();
        return;
      case 'send':
        this.#wire?.send(action.frame);
        return;
      case 'end':
        this.#wire?.end();
        return;
      case 'close':
        this.#giveUp?.();
        this.#giveUp = undefined;
        this.#wire?.close();
        this.#wire = undefined;
        return;
      default:
        if (action.type === 'stopped') this.#runner.stop();
        this.#options.perform(action);
    }
  }

  #connect(): void {
    this.#giveUp = this.#options.dial({
      connected: (link) => {
        this.#giveUp = undefined;
        this.#wire = new Wire(link, this.#runner);
        const { localAddress, peerAddress, binding } = link;
        this.#runner.input({
          type: 'connected',
          connected: { localAddress, peerAddress, binding, ...this.#options.introduce() },
        });
      },
      failed: (reason) => {
        this.#giveUp = undefined;
        this.#runner.input({ type: 'closed', reason });
      },
    });
  }
}
