import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framed, type Frame } from '../../src/framing/frame.ts';
import type { ServerAction, ServerInput } from '../../src/session/server-contract.ts';
import { ServerSession } from '../../src/session/server-session.ts';
import { hostileText } from './hostile-text.ts';
import { passUntil } from './passing.ts';
import { grant, hello, info } from './server-bench.ts';
import { ServerWatch } from './server-watch.ts';
import { tag } from './tag.ts';

const seconds = fc.constantFrom(0.1, 1, 10, 86_400);
const command = fc.constantFrom('!RGTR', '!INFO', '!UPDT', '!UDPT', '!DISC', '!AUTH', '!SUCC', '!FAIL', '!WHAT');
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map(info),
  fc.constantFrom(hello[1], hello[2]).map((members) => framed('!RGTR', JSON.stringify(members))),
  fc.integer({ min: 0, max: 6 }).map((rev) => framed('!UPDT', `: RECEIVED ${rev}`)),
  fc.tuple(command, hostileText).map(([name, data]) => framed(name, data.slice(0, 235))),
  command.map((name) => ({ command: name, data: ': RECEIVED', bare: true })),
  fc
    .constantFrom('', ` ${'t'.repeat(32)}`)
    .map((more) => framed('!AUTH', `${'A'.repeat(43)} ${'A'.repeat(86)}${more}`)),
);

/** Whatever a driver and a peer may do, and much that no driver does; what ends a connection is rare. */
const input: fc.Arbitrary<ServerInput> = fc.oneof(
  { weight: 12, arbitrary: frame.map((one) => ({ type: 'frame' as const, frame: one })) },
  { weight: 4, arbitrary: fc.constant({ type: 'stored' as const }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(seconds, fc.boolean(), fc.boolean(), fc.integer({ min: 0, max: 3 }))
      .map(([granted, hearsUdp, tcpOnly, rev]) => ({
        type: 'registered' as const,
        registered: { ...grant, granted: { rev, seconds: granted }, hearsUdp, tcpOnly },
      })),
  },
  { weight: 4, arbitrary: fc.constant({ type: 'challenge' as const, nonce: 'n'.repeat(43) }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 6 }), seconds)
      .map(([rev, wanted]) => ({ type: 'interval' as const, revision: { rev, seconds: wanted } })),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('wake', 'frame-begun', 'blocked', 'drained', 'paused', 'resumed')
      .map((type) => ({ type }) as const),
  },
  { weight: 1, arbitrary: fc.constantFrom('ended', 'taken-over', 'shut-down').map((type) => ({ type }) as const) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      hostileText.map((words) => ({ type: 'store-failed' as const, words })),
      hostileText.map((words) => ({ type: 'expelled' as const, words })),
      hostileText.map((message) => ({ type: 'bad-frame' as const, message })),
      hostileText.map((reason) => ({ type: 'closed' as const, reason })),
      hostileText.map((words) => ({ type: 'refused' as const, code: 'not-allowed' as const, words })),
    ),
  },
);
/** How much time passes before an input, and whether with the wakes that were wanted. */
const pause = fc.tuple(fc.constantFrom(0, 0, 0, 1, 400, 5_000, 12_000, 40_000, 10_000_000), fc.boolean());

describe('the server’s session', () => {
  test('takes any input at any time, and keeps to what it must', () => {
    const registered: ServerInput[] = [
      { type: 'frame', frame: framed('!RGTR', JSON.stringify(hello[2])) },
      { type: 'registered', registered: grant },
    ];
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.tuple(pause, input), { maxLength: 60 }), (begun, steps) => {
        let nowMs = 1_000;
        const session = new ServerSession({ tcpPort: 65_535, tag, nowMs });
        const watch = new ServerWatch();
        const give = (one: ServerInput): void => {
          if (one.type === 'frame') watch.requests += 1;
          watch.take(session.handle(one, nowMs));
          if (watch.closed) expect(session.deadlineMs).toBeUndefined();
        };
        if (begun) for (const one of registered) give(one);
        for (const [[passMs, awake], one] of steps) {
          const took = (actions: readonly ServerAction[]): void => watch.take(actions);
          if (awake) passUntil(session, { nowMs, untilMs: nowMs + passMs, took });
          nowMs += passMs;
          give(one);
        }
        // Whatever happened, nobody says anything more: it comes to its end by itself, unless it reads nothing.
        give({ type: 'resumed' });
        passUntil(session, { nowMs, untilMs: nowMs + 1e12, took: (actions) => watch.take(actions) });
        expect(watch.closed).toBe(true);
        expect(session.deadlineMs).toBeUndefined();
        nowMs += 1e12;
        for (const [, one] of steps) expect(session.handle(one, nowMs)).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});
