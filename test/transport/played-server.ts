import { serverLimits, type ServerLimits } from '../../src/core/limits.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed } from '../../src/framing/frame.ts';
import type { ServerAction } from '../../src/session/server-contract.ts';
import { Alarms } from '../../src/transport/alarms.ts';
import { Door } from '../../src/transport/door.ts';
import type { Link } from '../../src/transport/link.ts';
import { ServerConnection } from '../../src/transport/server-connection.ts';
import { createManualClock } from '../manual-clock.ts';

const alarmStepMs = 50;

/** The connections of a server, which grants every registration and stores every reading at once, unless a test says otherwise. */
export class PlayedServer {
  readonly clock = createManualClock();
  readonly door: Door;
  readonly actions: { readonly action: ServerAction; readonly connection: ServerConnection }[] = [];
  grants = true;
  #limits: ServerLimits;
  /** Timers of alarms that are set. */
  timers = 0;
  readonly #alarms = new Alarms(
    {
      ...this.clock,
      after: (delayMs, task) => {
        this.timers += 1;
        const cancel = this.clock.after(delayMs, () => {
          this.timers -= 1;
          task();
        });
        return () => {
          this.timers -= 1;
          cancel();
        };
      },
    },
    alarmStepMs,
  );

  constructor(limits: Partial<ServerLimits> = {}) {
    this.#limits = { ...serverLimits, ...limits };
    this.door = new Door({ limits: () => this.#limits, clock: this.clock, report: () => undefined });
  }

  change(limits: Partial<ServerLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
  }

  /** Moves the clock on, step by step, and lets what that leads to be done. */
  async pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += alarmStepMs) {
      this.clock.advance(Math.min(alarmStepMs, ms - passedMs));
      await Promise.resolve();
    }
  }

  /** Undefined where the door kept it out. */
  accept(link: Link): ServerConnection | undefined {
    if (!this.door.admits(link)) return undefined;
    return new ServerConnection(link, {
      clock: this.clock,
      alarms: this.#alarms,
      tag: () => '',
      limits: () => this.#limits,
      count: this.door,
      crowded: () => false,
      perform: (action, connection) => {
        this.actions.push({ action, connection });
        if (action.type === 'register' && this.grants) grant(connection);
        if (action.type === 'store') {
          connection.stored();
          connection.flush();
        }
      },
    });
  }

  /** How many readings of a connection were stored. */
  stored(connection: ServerConnection | undefined): number {
    return this.actions.filter((done) => done.connection === connection && done.action.type === 'store').length;
  }

  /** Why a connection was closed; undefined while it is open. */
  closed(connection: ServerConnection | undefined): string | undefined {
    const done = this.actions.find((one) => one.connection === connection && one.action.type === 'close');
    return done?.action.type === 'close' ? done.action.reason : undefined;
  }
}

export function grant(connection: ServerConnection): void {
  const granted = { rev: 1, seconds: 10 };
  const registered = { clientId: 'unit', granted, seq: 0, token: 'token', hearsUdp: false, tcpOnly: false };
  connection.input({ type: 'registered', registered });
}

export const registration = wire(
  '!RGTR',
  '{"name":"bench-03","ip":"192.0.2.7","UDP_port":0,"time":"2026-11-21T10:00:00Z","v":2,"epoch":"5f2c91e0"}',
);

/** The readings numbered `from` to `to`, as they stand on the wire. */
export function readings(from: number, to: number): string {
  let text = '';
  for (let seq = from; seq <= to; seq += 1) {
    text += wire('!INFO', `{"seq":${seq},"time":1795255200000,"sensor":"test","value":${seq}}`);
  }
  return text;
}

export function wire(command: string, data = ''): string {
  return new TextDecoder().decode(encodeFrames([framed(command, data)]));
}
