import { framed, type Frame } from '../../src/framing/frame.ts';
import type { Registered, ServerAction, ServerInput } from '../../src/session/server-contract.ts';
import { ServerSession } from '../../src/session/server-session.ts';
import { passUntil } from './passing.ts';
import { tag, token } from './tag.ts';

/** What a v2 client says of itself, and a v1 client. */
export const hello = {
  2: { name: 'bench-03', ip: '192.0.2.7', UDP_port: 45678, time: '2026-11-21T10:00:00Z', v: 2, epoch: '5f2c91e0' },
  1: { name: 'bench-03', ip: '192.0.2.7', UDP_port: 45678, time: '10:00:00' },
} as const;

/** What the server grants where a test says nothing else. */
export const grant: Registered = {
  clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
  granted: { rev: 1, seconds: 10 },
  seq: 0,
  token,
  hearsUdp: true,
  tcpOnly: false,
};

/** An `!INFO` of a v2 client. */
export function info(seq: number): Frame {
  return framed('!INFO', JSON.stringify({ seq, time: 1, sensor: 'cpu_temp', celsius: 54.5 }));
}

/** A server's session with a clock that the test moves. What it does comes back as lines. */
export class ServerBench {
  nowMs = 1_000_000;
  readonly session = new ServerSession({ tcpPort: 34567, tag, nowMs: this.nowMs });
  /** Every action so far. */
  readonly actions: ServerAction[] = [];

  input(input: ServerInput): readonly string[] {
    return this.#take(this.session.handle(input, this.nowMs)).map(lineOf);
  }

  /** One frame after another. */
  frames(...frames: readonly Frame[]): readonly string[] {
    return frames.flatMap((frame) => this.input({ type: 'frame', frame }));
  }

  stored(count = 1): readonly string[] {
    return Array.from({ length: count }, () => this.input({ type: 'stored' })).flat();
  }

  /** Lets time pass with a wake at each deadline; lines begin with the milliseconds since the call. */
  pass(ms: number): readonly string[] {
    const fromMs = this.nowMs;
    const lines: string[] = [];
    const took = (actions: readonly ServerAction[], atMs: number): void => {
      for (const action of this.#take(actions)) lines.push(`${atMs - fromMs} ${lineOf(action)}`);
    };
    passUntil(this.session, { nowMs: fromMs, untilMs: fromMs + ms, took });
    this.nowMs = fromMs + ms;
    return lines;
  }

  /** Lets time pass as on a server that is held up: no wake on the way, and one at its end. */
  sleep(ms: number): readonly string[] {
    this.nowMs += ms;
    return this.input({ type: 'wake' });
  }

  #take(actions: readonly ServerAction[]): readonly ServerAction[] {
    this.actions.push(...actions);
    return actions;
  }
}

/** A session with a unit that has just registered. */
export function live({ v = 2, ...granted }: Partial<Registered> & { readonly v?: 1 | 2 } = {}): ServerBench {
  const bench = new ServerBench();
  bench.frames(framed('!RGTR', JSON.stringify(hello[v])));
  bench.input({ type: 'registered', registered: { ...grant, ...granted } });
  return bench;
}

function lineOf(action: ServerAction): string {
  switch (action.type) {
    case 'send':
      return `send ${textOf(action.frame)}`;
    case 'datagram':
      return `datagram ${textOf(action.frame)}`;
    case 'register':
      return `register ${JSON.stringify(action.registration)}`;
    case 'prove':
      return `prove ${action.proof.publicKey} ${action.proof.token ?? ''}`.trimEnd();
    case 'store':
      return `store ${action.reading.epoch ?? ''} ${action.reading.seq ?? ''}`;
    case 'store-v1':
      return `store-v1 ${action.readings.length} and ${action.others.length}`;
    case 'confirmed':
      return `confirmed ${action.revision.rev}: ${action.revision.seconds} s${action.tcpOnly ? ', TCP only' : ''}`;
    case 'assumed':
      return `assumed ${action.revision.rev}: ${action.revision.seconds} s`;
    case 'state':
      return action.state;
    case 'refusal':
      return `refusal ${action.code}`;
    case 'end':
      return 'end';
    case 'close':
      return `close: ${action.reason}`;
  }
}

function textOf({ command, data, bare }: Frame): string {
  return `${bare ? 'bare ' : ''}${command}${data}`;
}
