import fc from 'fast-check';
import type { Frame } from '../../../src/framing/frame.ts';
import type { FailureCode } from '../../../src/session/failure.ts';
import type { ServerAction, ServerInput } from '../../../src/session/server-contract.ts';
import { ServerSession } from '../../../src/session/server-session.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { passUntil } from '../../session/passing.ts';
import { ServerWatch } from '../../session/server-watch.ts';
import { tag, token } from '../../session/tag.ts';
import { AnswerOrder } from '../answer-order.ts';
import { frameIn, numberIn, ownWords, stepsOf, type Step } from '../script.ts';
import { kindOf, must, textOf, type Target } from '../target.ts';

const hello = '!RGTR{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"t","v":2,"epoch":"5f2c91e0"}';
const helloV1 = '!RGTR{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"10:00:00"}';
const nonce = Buffer.alloc(32, 7).toString('base64url');
const proof = `!AUTH${Buffer.alloc(32, 1).toString('base64url')} ${Buffer.alloc(64, 2).toString('base64url')}`;
const info = '!INFO{"seq":1,"time":1,"sensor":"cpu_temp","celsius":54.5}';
const steps = [
  hello,
  helloV1,
  proof,
  info,
  '!INFOCPU temperature: 54.5',
  '!INFOx',
  '!UPDT: RECEIVED 2',
  '!UDPT: RECEIVED',
  '!DISC',
  '!WHAT',
  '!AUTH',
  'bare !INFO',
  'registered 1 10',
  'registered 3 0.1 udp',
  'registered 2 86400 tcp',
  `challenge ${nonce}`,
  'refused not-allowed no',
  'refused pending wait',
  'stored',
  'stored',
  'stored',
  'store-failed the disk',
  'interval 2 5',
  'interval 3 0.5',
  'wake',
  'frame-begun',
  'blocked',
  'drained',
  'paused',
  'resumed',
  '+0',
  '+5000',
  '+15000',
  '~5000',
  '~15000',
  '~40000',
  'bad-frame x',
  'ended',
  'closed x',
  'taken-over',
  'shut-down',
] as const;

/** Whatever its peer, its server and its clock do: answers in order, bounded queues, an end, and nothing after it. */
export const serverSession: Target = {
  seeds: [
    [
      hello,
      'registered 1 10 udp',
      info,
      info,
      'stored',
      '!INFOx',
      'stored',
      'interval 2 5',
      '~20000',
      '!UPDT: RECEIVED 2',
      '!DISC',
    ].join('\n'),
    [hello, `challenge ${nonce}`, proof, 'registered 1 10', info, 'stored', '!DISC'].join('\n'),
    [hello, `challenge ${nonce}`, proof, 'refused not-allowed another key', '~5000'].join('\n'),
    [helloV1, 'registered 1 10 udp', '!INFOCPU temperature: 54.5\n', 'stored', 'interval 2 5', '~40000'].join('\n'),
    [hello, '!DISC', 'registered 1 10', '~2000'].join('\n'),
    [hello, 'registered 1 10', info, '!INFOx', 'store-failed full', '~2000'].join('\n'),
  ],
  words: [...new Set(steps)].map((step) => `\n${step}\n`),
  generated: fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...steps) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(fc.constantFrom('!RGTR', '!INFO', '!AUTH', '!UPDT', '!FAIL', '!DISC'), hostileText)
            .map(([name, data]) => name + data.slice(0, 235).replaceAll('\n', ' ')),
        },
      ),
      { maxLength: 50 },
    )
    .chain((lines) => fc.boolean().map((begun) => [...(begun ? [hello, 'registered 1 10'] : []), ...lines].join('\n'))),
  run(input) {
    const world = new World();
    for (const step of stepsOf(textOf(input))) world.step(step);
    return world.end();
  },
};

class World {
  #nowMs = 1_000;
  readonly #session = new ServerSession({ tcpPort: 65_535, tag, nowMs: 1_000 });
  readonly #watch = new ServerWatch();
  readonly #order = new AnswerOrder();
  readonly #seen = new Set<string>();
  /** What is in the store's hands. */
  #storing = 0;

  step({ word, rest }: Step): void {
    if (/^[+~]\d/.test(word)) {
      const ms = numberIn(word.slice(1), { min: 0, max: 1e7, fallback: 0 });
      if (word.startsWith('~')) this.#pass(ms);
      this.#nowMs += ms;
      return;
    }
    const input = inputOf(word, rest);
    if (input !== undefined) this.#give(input);
  }

  /** Nobody says anything more: it comes to its end by itself, and then does nothing, whatever comes. */
  end(): string {
    this.#give({ type: 'resumed' });
    this.#pass(1e12);
    this.#nowMs += 1e12;
    must(this.#watch.closed, 'a session of which nobody hears comes to its end');
    for (const input of lateInputs)
      must(this.#session.handle(input, this.#nowMs).length === 0, 'nothing is done after a close');
    must(this.#session.deadlineMs === undefined, 'a session that is closed wants no wake');
    return `${[...this.#seen].toSorted().join()} ${this.#order.answered.slice(0, 5).join()}`;
  }

  #give(input: ServerInput): void {
    // As the connection does: nothing is read that is not wanted.
    if (input.type === 'frame' && !this.#session.wantsFrames) return;
    if (input.type === 'frame') this.#watch.requests += 1;
    // Nor is anything stored that the session did not give to the store.
    if (input.type === 'stored' && this.#storing === 0) return;
    if (input.type === 'stored') this.#storing -= 1;
    if (input.type === 'store-failed') this.#storing = 0;
    this.#took(input, this.#session.handle(input, this.#nowMs), input.type === 'frame' ? input.frame : undefined);
    must(this.#session.unanswered <= 257, 'at most 256 frames, and what ends the connection, are unanswered');
    if (this.#watch.closed) must(this.#session.deadlineMs === undefined, 'a session that is closed wants no wake');
  }

  #pass(ms: number): void {
    const took = (actions: readonly ServerAction[]): void => this.#took({ type: 'wake' }, actions, undefined);
    passUntil(this.#session, { nowMs: this.#nowMs, untilMs: this.#nowMs + ms, took });
  }

  #took(input: Pick<ServerInput, 'type'>, actions: readonly ServerAction[], frame: Frame | undefined): void {
    this.#watch.take(actions);
    this.#order.take(input, actions, frame?.command);
    this.#storing += actions.filter(({ type }) => type === 'store' || type === 'store-v1').length;
    for (const action of actions) this.#seen.add(nameOf(action));
  }
}

const lateInputs: readonly ServerInput[] = [
  { type: 'wake' },
  { type: 'stored' },
  { type: 'ended' },
  { type: 'shut-down' },
  { type: 'interval', revision: { rev: 99, seconds: 1 } },
];

function nameOf(action: ServerAction): string {
  if (action.type === 'state') return action.state;
  // The session's own words; those that the script put into its mouth are as many as there are scripts.
  if (action.type === 'refusal') {
    const isOwn = action.code === 'bad-registration' || action.code === 'bad-reading';
    return isOwn ? kindOf(action.words).replace(/^\S+ is /, 'it is ') : action.code;
  }
  return action.type === 'close' ? ownWords(action.reason) : action.type;
}

function inputOf(word: string, rest: string): ServerInput | undefined {
  const frame = frameIn(`${word}${rest === '' ? '' : ` ${rest}`}`);
  if (frame !== undefined) return { type: 'frame', frame };
  const [first = '', second, third] = rest.split(' ');
  const rev = numberIn(first, { min: 0, max: 2 ** 31, fallback: 1 });
  const seconds = Math.round(numberIn(second, { min: 0.1, max: 86_400, fallback: 10 }) * 1_000) / 1_000;
  switch (word) {
    case 'bare': {
      const bare = frameIn(first);
      return bare && { type: 'frame', frame: { command: bare.command, data: ': RECEIVED', bare: true } };
    }
    case 'registered': {
      const granted = { rev, seconds };
      const unit = {
        clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
        seq: 0,
        token,
        hearsUdp: third === 'udp',
        tcpOnly: third === 'tcp',
      };
      return { type: 'registered', registered: { ...unit, granted } };
    }
    case 'challenge':
      return { type: 'challenge', nonce };
    case 'refused':
      return { type: 'refused', code: codes.find((code) => code === first) ?? 'not-allowed', words: rest };
    case 'store-failed':
      return { type: 'store-failed', words: rest };
    case 'interval':
      return { type: 'interval', revision: { rev, seconds } };
    case 'bad-frame':
      return { type: 'bad-frame', message: rest };
    case 'closed':
      return { type: 'closed', reason: rest };
    default:
      return plainInputs.find(({ type }) => type === word);
  }
}

const codes: readonly FailureCode[] = ['too-many', 'not-allowed', 'pending', 'store-unavailable', 'shutting-down'];

const plainInputs: readonly ServerInput[] = (
  [
    'stored',
    'wake',
    'frame-begun',
    'blocked',
    'drained',
    'paused',
    'resumed',
    'ended',
    'taken-over',
    'shut-down',
  ] as const
).map((type) => ({ type }));
