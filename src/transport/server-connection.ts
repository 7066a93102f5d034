import type { Clock } from '../core/clock.ts';
import type { ServerLimits } from '../core/limits.ts';
import type { ServerAction, ServerInput } from '../session/server-contract.ts';
import { ServerSession } from '../session/server-session.ts';
import type { Alarms, Sleeper } from './alarms.ts';
import { FramePace, framesALook } from './frame-pace.ts';
import type { Link } from './link.ts';
import { Runner, type RunnerOwner } from './runner.ts';
import { Wire } from './wire.ts';

/** Who counts the connections. */
export interface ConnectionCount {
  /** One has registered; once a connection. */
  registered(): void;
  /** One is closed; once a connection. */
  left(peerAddress: string, wasRegistered: boolean): void;
}

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
  /** As they are now; undefined: as long to register as the protocol has it, and frames as fast as they come. */
  readonly limits?: () => Pick<ServerLimits, 'unregisteredMsMax' | 'framesPerSecondMax'>;
  readonly count?: ConnectionCount;
}

const noAlarm = -1;
/** Of one connection; a client that is right has none, and one whose readings are all wrong is read slowly. */
const refusalsPerSecondMax = 10;
/** Frames after which the pace of a connection without limits is looked at, in vain; a small integer, which takes no memory of its own. */
const unpaced = 2 ** 30;

const storedInput: ServerInput = { type: 'stored' };

/** One accepted connection: its session, its link and its timer. */
export class ServerConnection implements RunnerOwner<ServerAction>, Sleeper {
  /** Of whoever performs its actions. */
  guest: object | undefined;
  readonly #session: ServerSession;
  readonly #wire: Wire;
  readonly #runner: Runner<ServerInput, ServerAction>;
  readonly #link: Link;
  readonly #options: ServerConnectionOptions;
  #isRegistered = false;
  /** Known from the first look on, to which most connections come after hours. */
  #pace: FramePace | undefined;
  /** At so many frames of the wire the pace is looked at. */
  #paceAt = unpaced;
  /** While frames come too fast: the step of the alarm at which it reads on. */
  #paceAlarm = noAlarm;

  constructor(link: Link, options: ServerConnectionOptions) {
    const { clock, alarms, tag, limits } = options;
    this.#link = link;
    this.#options = options;
    const limited = limits?.();
    const patience = limited === undefined ? {} : { registrationMsMax: limited.unregisteredMsMax };
    if (limited !== undefined) this.#paceAt = framesALook(limited.framesPerSecondMax);
    this.#session = new ServerSession({ tcpPort: link.localPort, tag, nowMs: clock.monotonicMs(), ...patience });
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

  get binding(): string {
    return this.#link.binding;
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
        if (this.#paceAlarm !== noAlarm) this.#options.alarms.cancel(this, this.#paceAlarm);
        this.#options.count?.left(this.#link.peerAddress, this.#isRegistered);
        this.#options.perform(action, this);
        return;
      case 'refusal':
        this.#charge();
        this.#options.perform(action, this);
        return;
      case 'state':
        if (!this.#isRegistered) {
          // A session tells no state of its unit before this one.
          this.#isRegistered = true;
          this.#options.count?.registered();
        }
        this.#options.perform(action, this);
        return;
      default:
        this.#options.perform(action, this);
    }
  }

  /** Backpressure: reads only what the session, and the intake behind it, can take, and no faster than it may be. */
  settled(): void {
    if (!this.#wire.isOpen) return;
    if (this.#wire.frameCount >= this.#paceAt) this.#lookAtPace();
    const session = this.#session;
    const reads =
      this.#paceAlarm === noAlarm && session.wantsFrames && !(session.unanswered > 0 && this.#options.crowded());
    if (reads === this.#wire.isReading) return;
    if (reads) this.#wire.resume();
    else this.#wire.pause();
    this.#runner.input({ type: reads ? 'resumed' : 'paused' });
  }

  /** It has waited long enough for what came too fast. */
  wake(): void {
    this.#paceAlarm = noAlarm;
    this.settled();
  }

  /** A frame that is refused, and told in the log, is far more work than one that is taken. */
  #charge(): void {
    const { limits } = this.#options;
    if (limits !== undefined) this.#wire.charge(Math.floor(limits().framesPerSecondMax / refusalsPerSecondMax));
  }

  #lookAtPace(): void {
    const { limits, clock, alarms } = this.#options;
    if (limits === undefined) return;
    const nowMs = clock.monotonicMs();
    this.#pace ??= new FramePace();
    const waitMs = this.#pace.look(this.#wire.frameCount, limits().framesPerSecondMax, nowMs);
    this.#paceAt = this.#pace.next;
    if (waitMs > 0 && this.#paceAlarm === noAlarm) this.#paceAlarm = alarms.set(this, nowMs + waitMs);
  }
}
