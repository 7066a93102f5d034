import type { LabelledReading } from '../../src/core/reading.ts';
import { acknowledgement, framed, type Frame } from '../../src/framing/frame.ts';
import type { ClientAction, ClientInput, ClientSessionOptions, Connected } from '../../src/session/client-contract.ts';
import { ClientSession } from '../../src/session/client-session.ts';
import { passUntil } from './passing.ts';
import { tag, token } from './tag.ts';

export const connected: Connected = {
  localAddress: '192.0.2.7',
  peerAddress: '192.0.2.1',
  binding: '-',
  epoch: '5f2c91e0',
  timeText: '2026-11-21T10:00:00Z',
};

/** What a v2 server answers to `!RGTR`, and a v1 server. */
export const success = {
  2: { client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA', tcp_port: 34567, interval: 10, v: 2, seq: 0, rev: 1, token },
  1: { client_id: '1001', tcp_port: 34567, interval: 10 },
} as const;

export const acknowledged = acknowledgement('!INFO', true);
export const parted = acknowledgement('!DISC', true);

export function succ(members: object): Frame {
  return framed('!SUCC', JSON.stringify(members));
}

export function reading(seq: number, celsius = 54.5): LabelledReading {
  return { epoch: '5f2c91e0', seq, time: 1_795_255_200_000, sensor: 'cpu_temp', values: { celsius } };
}

/** A client's session with a clock that the test moves. What it does comes back as lines. */
export class ClientBench {
  nowMs = 1_000_000;
  readonly session: ClientSession;
  /** Every action so far. */
  readonly actions: ClientAction[] = [];

  constructor(options: Partial<ClientSessionOptions> = {}) {
    this.session = new ClientSession({
      name: 'bench-03',
      id: undefined,
      udpPort: 45678,
      random: () => 0.5,
      tag,
      ...options,
    });
  }

  input(input: ClientInput): readonly string[] {
    return this.#take(this.session.handle(input, this.nowMs)).map(lineOf);
  }

  /** One frame after another. */
  frames(...frames: readonly Frame[]): readonly string[] {
    return frames.flatMap((frame) => this.input({ type: 'frame', frame }));
  }

  offer(...readings: readonly LabelledReading[]): readonly string[] {
    return this.input({ type: 'offer', readings });
  }

  round(...readings: readonly LabelledReading[]): readonly string[] {
    return this.input({ type: 'round', readings });
  }

  datagram(data: string, from = connected.peerAddress): readonly string[] {
    return this.input({ type: 'datagram', frame: framed('!UPDT', data), from });
  }

  /** From the start, or from the end of a wait, to a connection that registers. */
  register(): readonly string[] {
    this.input({ type: 'start' });
    return this.input({ type: 'connected', connected });
  }

  /** Lets time pass with a wake at each deadline; lines begin with the milliseconds since the call. */
  pass(ms: number): readonly string[] {
    const fromMs = this.nowMs;
    const lines: string[] = [];
    const took = (actions: readonly ClientAction[], atMs: number): void => {
      for (const action of this.#take(actions)) lines.push(`${atMs - fromMs} ${lineOf(action)}`);
    };
    passUntil(this.session, { nowMs: fromMs, untilMs: fromMs + ms, took });
    this.nowMs = fromMs + ms;
    return lines;
  }

  #take(actions: readonly ClientAction[]): readonly ClientAction[] {
    this.actions.push(...actions);
    return actions;
  }
}

/** A session that a server has just registered. */
export function live(v: 1 | 2 = 2, options: Partial<ClientSessionOptions> = {}): ClientBench {
  const bench = new ClientBench(options);
  bench.register();
  bench.frames(succ(success[v]));
  return bench;
}

function lineOf(action: ClientAction): string {
  switch (action.type) {
    case 'send':
      return `send ${action.frame.bare ? 'bare ' : ''}${action.frame.command}${action.frame.data}`;
    case 'registered':
      return `registered v${action.grant.v} ${action.grant.clientId}`;
    case 'released': {
      const seqs = action.readings.map(({ seq }) => seq).join(',');
      return action.refused === undefined ? `released ${seqs}` : `refused ${seqs}: ${action.refused}`;
    }
    case 'interval':
      return `interval ${action.rev}: ${action.seconds} s`;
    case 'ignored':
      return `ignored ${action.why}`;
    case 'lost':
      return `lost for ${action.retryMs} ms: ${action.reason}`;
    case 'stopped':
      return action.confirmed ? 'stopped' : 'stopped unconfirmed';
    case 'connect':
    case 'end':
      return action.type;
    case 'close':
      return `close: ${action.reason}`;
  }
}
