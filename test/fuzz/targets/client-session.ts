import fc from 'fast-check';
import type { LabelledReading } from '../../../src/core/reading.ts';
import { framed, type Frame } from '../../../src/framing/frame.ts';
import type { ClientAction, ClientInput, Connected } from '../../../src/session/client-contract.ts';
import { ClientSession } from '../../../src/session/client-session.ts';
import { ClientWatch } from '../../session/client-watch.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { passUntil } from '../../session/passing.ts';
import { tag, token } from '../../session/tag.ts';
import { frameIn, numberIn, ownWords, stepsOf, type Step } from '../script.ts';
import { must, textOf, type Target } from '../target.ts';

const clientId = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const peerAddress = '192.0.2.1';
const succ = `!SUCC{"client_id":"${clientId}","tcp_port":34567,"interval":10,"v":2,"seq":0,"rev":1,"token":"${token}"}`;
const succV1 = '!SUCC{"client_id":"1001","tcp_port":34567,"interval":10}';
const nonce = `!AUTH${Buffer.alloc(32, 7).toString('base64url')}`;
const steps = [
  succ,
  succ,
  succV1,
  nonce,
  '!INFO: RECEIVED',
  '!INFO: RECEIVED',
  '!UPDT5',
  '!DISC: RECEIVED',
  '!FAILbad-reading x',
  '!FAILpending wait',
  '!FAILshutting-down',
  '!FAIL',
  '!SUCC{}',
  'bare !INFO',
  'bare !DISC',
  'connected',
  'connected',
  'connected',
  'offer 3',
  'offer 300',
  'round 2',
  'update 2 5',
  'update 3 0.1',
  'datagram !UPDT5',
  'stranger !UPDT5',
  'wake',
  'frame-begun',
  'blocked',
  'drained',
  'paused',
  'resumed',
  '+0',
  '+1000',
  '~500',
  '~5000',
  '~40000',
  '~61000',
  'bad-frame x',
  'ended',
  'closed x',
  'stop',
] as const;

/** Whatever a server, a datagram and its clock do: one connection at a time, bounded queues, waits with bounds, and a stop within 25 s. */
export const clientSession: Target = {
  seeds: [
    [
      'connected',
      succ,
      'offer 3',
      '!INFO: RECEIVED',
      '!FAILbad-reading x',
      'update 2 5',
      '!INFO: RECEIVED',
      'stop',
      '!DISC: RECEIVED',
    ].join('\n'),
    ['connected', succV1, 'round 2', 'bare !INFO', 'datagram !UPDT5', '~5000', 'round 1', 'bare !INFO'].join('\n'),
    ['connected', nonce, succ, 'offer 300', 'closed x', '~40000', 'connected', succ].join('\n'),
    ['connected', '!FAILpending wait', '~61000', 'connected', nonce, nonce].join('\n'),
  ],
  words: [...new Set(steps)].map((step) => `\n${step}\n`),
  generated: fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...steps) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(fc.constantFrom('!SUCC', '!INFO', '!AUTH', '!UPDT', '!FAIL', '!DISC'), hostileText)
            .map(([name, data]) => name + data.slice(0, 235).replaceAll('\n', ' ')),
        },
      ),
      { maxLength: 60 },
    )
    .chain((lines) =>
      fc.constantFrom([], ['connected', succ], ['connected', succV1]).map((begun) => [...begun, ...lines].join('\n')),
    ),
  run(input) {
    const world = new World();
    for (const step of stepsOf(textOf(input))) world.step(step);
    return world.end();
  },
};

const connected: Connected = {
  localAddress: '192.0.2.7',
  peerAddress,
  binding: '-',
  epoch: '5f2c91e0',
  timeText: '2026-11-21T10:00:00Z',
};

class World {
  #nowMs = 1_000;
  #seq = 0;
  readonly #watch = new ClientWatch();
  readonly #seen = new Set<string>();
  readonly #session = new ClientSession({
    name: 'x'.repeat(48),
    id: clientId,
    udpPort: 65_535,
    random: () => 0.999,
    tag,
    prove: () => ({
      publicKey: Buffer.alloc(32, 1).toString('base64url'),
      signature: Buffer.alloc(64, 2).toString('base64url'),
      token: undefined,
    }),
  });

  constructor() {
    this.#give({ type: 'start' });
  }

  step({ word, rest }: Step): void {
    if (/^[+~]\d/.test(word)) {
      const ms = numberIn(word.slice(1), { min: 0, max: 1e7, fallback: 0 });
      if (word.startsWith('~')) this.#pass(ms);
      this.#nowMs += ms;
      return;
    }
    const input = this.#inputOf(word, rest);
    if (input !== undefined) this.#give(input);
  }

  /** It is told to stop, and nobody answers. */
  end(): string {
    this.#give({ type: 'stop' });
    this.#pass(25_000);
    this.#nowMs += 25_000;
    must(this.#watch.stopped, 'a client that is told to stop has stopped within 25 s');
    must(this.#session.deadlineMs === undefined, 'a client that has stopped wants no wake');
    for (const input of lateInputs)
      must(this.#session.handle(input, this.#nowMs).length === 0, 'nothing is done after a stop');
    return [...this.#seen].toSorted().join();
  }

  #give(input: ClientInput): void {
    this.#took(this.#session.handle(input, this.#nowMs));
    must(
      this.#session.room <= 256 && (this.#session.room === 0 || this.#session.v === 2),
      'there is room for 256 readings',
    );
  }

  #pass(ms: number): void {
    const took = (actions: readonly ClientAction[]): void => this.#took(actions);
    passUntil(this.#session, { nowMs: this.#nowMs, untilMs: this.#nowMs + ms, took });
  }

  #took(actions: readonly ClientAction[]): void {
    this.#watch.take(actions);
    for (const action of actions) this.#seen.add(nameOf(action));
  }

  #readings(count: number): LabelledReading[] {
    return Array.from({ length: count }, () => {
      this.#seq += 1;
      return {
        epoch: '5f2c91e0',
        seq: this.#seq,
        time: 1_795_255_200_000,
        sensor: 'cpu_temp',
        values: { celsius: 54.5 },
      };
    });
  }

  #inputOf(word: string, rest: string): ClientInput | undefined {
    const frame = frameIn(`${word}${rest === '' ? '' : ` ${rest}`}`);
    if (frame !== undefined) return { type: 'frame', frame };
    const count = Math.trunc(numberIn(rest, { min: 0, max: 1_000, fallback: 1 }));
    switch (word) {
      case 'bare': {
        const bare = frameIn(rest);
        return bare && { type: 'frame', frame: { command: bare.command, data: ': RECEIVED', bare: true } };
      }
      case 'connected':
        return { type: 'connected', connected };
      case 'offer':
        return { type: 'offer', readings: this.#readings(Math.min(count, this.#session.room)) };
      case 'round':
        return { type: 'round', readings: this.#readings(Math.min(count, 5)) };
      case 'update':
        return { type: 'datagram', frame: updateOf(rest), from: peerAddress };
      case 'datagram':
      case 'stranger': {
        const datagram = frameIn(rest);
        return (
          datagram && { type: 'datagram', frame: datagram, from: word === 'stranger' ? '203.0.113.9' : peerAddress }
        );
      }
      case 'bad-frame':
        return { type: 'bad-frame', message: rest };
      case 'closed':
        return { type: 'closed', reason: rest };
      default:
        return plainInputs.find(({ type }) => type === word);
    }
  }
}

const plainInputs: readonly ClientInput[] = (
  ['start', 'stop', 'wake', 'frame-begun', 'blocked', 'drained', 'paused', 'resumed', 'ended'] as const
).map((type) => ({ type }));

const lateInputs: readonly ClientInput[] = [
  ...plainInputs,
  { type: 'connected', connected },
  { type: 'frame', frame: framed('!INFO', ': RECEIVED') },
];

/** An interval under the right tag, which no input could guess. */
function updateOf(rest: string): Frame {
  const [first, second] = rest.split(' ');
  const rev = Math.trunc(numberIn(first, { min: 0, max: 2 ** 31, fallback: 2 }));
  const interval = numberIn(second, { min: 0, max: 100_000, fallback: 5 });
  return framed('!UPDT', JSON.stringify({ interval, rev, tag: tag(token, `${clientId}\n${rev}\n${interval}`) }));
}

function nameOf(action: ClientAction): string {
  if (action.type === 'send') return `send${action.frame.command}`;
  if (action.type === 'lost') return ownWords(action.reason);
  return action.type === 'ignored' ? action.why : action.type;
}
