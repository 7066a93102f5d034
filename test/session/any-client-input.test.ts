import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelledReading } from '../../src/core/reading.ts';
import { acknowledgement, framed, type Frame } from '../../src/framing/frame.ts';
import type { ClientAction, ClientInput } from '../../src/session/client-contract.ts';
import { ClientSession } from '../../src/session/client-session.ts';
import { connected, reading, succ, success } from './client-bench.ts';
import { ClientWatch } from './client-watch.ts';
import { hostileText } from './hostile-text.ts';
import { passUntil } from './passing.ts';
import { tag, token } from './tag.ts';

const command = fc.constantFrom('!RGTR', '!INFO', '!UPDT', '!UDPT', '!DISC', '!AUTH', '!SUCC', '!FAIL', '!WHAT');
const update = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0.1, 5, 60)).map(([rev, interval]) => {
  const signed = tag(token, `${success[2].client_id}\n${rev}\n${interval}`);
  return framed('!UPDT', JSON.stringify({ interval, rev, tag: signed }));
});
const granted = fc
  .tuple(fc.constantFrom<1 | 2>(1, 2), fc.integer({ min: 0, max: 5 }))
  .map(([v, rev]) => succ(v === 1 ? success[1] : { ...success[2], rev }));
const frame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 6, arbitrary: fc.boolean().map((bare) => acknowledgement('!INFO', bare)) },
  { weight: 4, arbitrary: granted },
  { weight: 4, arbitrary: update },
  { weight: 2, arbitrary: fc.constant(framed('!FAIL', 'bad-reading used is not a number')) },
  { weight: 1, arbitrary: fc.constantFrom('pending', 'shutting-down', 'x').map((code) => framed('!FAIL', code)) },
  { weight: 1, arbitrary: fc.constant(acknowledgement('!DISC', true)) },
  { weight: 3, arbitrary: fc.constantFrom('n', '-').map((letter) => framed('!AUTH', letter.repeat(43))) },
  { weight: 2, arbitrary: fc.tuple(command, hostileText).map(([name, data]) => framed(name, data.slice(0, 235))) },
);
const datagram = fc
  .tuple(
    fc.oneof(
      update,
      frame,
      fc.integer({ min: 0, max: 99 }).map((text) => framed('!UPDT', String(text))),
    ),
    fc.boolean(),
  )
  .map(([one, near]) => ({
    type: 'datagram' as const,
    frame: one,
    from: near ? connected.peerAddress : '203.0.113.9',
  }));

type Step =
  | ClientInput
  | { readonly type: 'offer-some'; readonly count: number }
  | { readonly type: 'round-some'; readonly count: number };

/** Whatever a driver and a server may do, and much that no driver does; offers are made to fit when it is their turn. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: frame.map((one) => ({ type: 'frame' as const, frame: one })) },
  { weight: 6, arbitrary: fc.constant({ type: 'connected' as const, connected }) },
  { weight: 4, arbitrary: granted.map((one) => ({ type: 'frame' as const, frame: one })) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }).map((count) => ({ type: 'offer-some' as const, count })) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }).map((count) => ({ type: 'round-some' as const, count })) },
  { weight: 4, arbitrary: datagram },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('start', 'wake', 'frame-begun', 'blocked', 'drained', 'paused', 'resumed')
      .map((type) => ({ type }) as const),
  },
  { weight: 1, arbitrary: fc.constantFrom('stop', 'ended').map((type) => ({ type }) as const) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      hostileText.map((message) => ({ type: 'bad-frame' as const, message })),
      hostileText.map((reason) => ({ type: 'closed' as const, reason })),
    ),
  },
);
const pause = fc.tuple(fc.constantFrom(0, 0, 0, 0, 1, 400, 1_000, 12_000, 40_000), fc.boolean());

describe('the client’s session', () => {
  test('takes any input at any time, and keeps to what it must', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.tuple(pause, step), { maxLength: 80 }), (hasKey, steps) => {
        let nowMs = 1_000;
        let seq = 0;
        const random = (): number => 0.999;
        const prove = () => ({ publicKey: 'A'.repeat(43), signature: 'A'.repeat(86), token: 't'.repeat(96) });
        const options = { name: 'x'.repeat(48), id: 'x'.repeat(24), udpPort: 65_535, random, tag };
        const session = new ClientSession(hasKey ? { ...options, prove } : options);
        const watch = new ClientWatch();
        const readings = (count: number): LabelledReading[] => Array.from({ length: count }, () => reading((seq += 1)));
        const inputOf = (one: Step): ClientInput => {
          if (one.type === 'offer-some')
            return { type: 'offer', readings: readings(Math.min(one.count, session.room)) };
          if (one.type === 'round-some') return { type: 'round', readings: readings(one.count) };
          return one;
        };
        watch.take(session.handle({ type: 'start' }, nowMs));
        for (const [[passMs, awake], one] of steps) {
          const took = (actions: readonly ClientAction[]): void => watch.take(actions);
          if (awake) passUntil(session, { nowMs, untilMs: nowMs + passMs, took });
          nowMs += passMs;
          watch.take(session.handle(inputOf(one), nowMs));
          expect(session.room).toBeLessThanOrEqual(256);
          if (session.room > 0) expect(session.v).toBe(2);
        }
        // A client that is told to stop has stopped 25 s later, whatever it was about.
        watch.take(session.handle({ type: 'stop' }, nowMs));
        passUntil(session, { nowMs, untilMs: nowMs + 25_000, took: (actions) => watch.take(actions) });
        expect(watch.stopped).toBe(true);
        expect(session.deadlineMs).toBeUndefined();
        nowMs += 25_000;
        for (const [, one] of steps) expect(session.handle(inputOf(one), nowMs)).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});
