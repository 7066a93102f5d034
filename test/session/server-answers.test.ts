import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { info, live } from './server-bench.ts';

const bad = framed('!INFO', '{"seq":1,"time":1,"sensor":"disk","used":"much"}');

describe('a reading', () => {
  test('goes to the store, and is acknowledged when it is stored, not before', () => {
    const bench = live();
    expect(bench.frames(info(1))).toEqual(['confirmed 1: 10 s', 'store 5f2c91e0 1']);
    expect(bench.pass(4_000)).toEqual([]);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED']);
    expect(bench.stored()).toEqual([]);
  });

  test('has the epoch of the registration, or its own', () => {
    const bench = live();
    const own = framed('!INFO', '{"seq":9,"time":1,"sensor":"ram","epoch":"00c0ffee","used":1}');
    expect(bench.frames(info(1), own).slice(1)).toEqual(['store 5f2c91e0 1', 'store 00c0ffee 9']);
  });

  test('that cannot be one gets bad-reading in the place of its acknowledgement', () => {
    const bench = live();
    expect(bench.frames(bad).slice(1)).toEqual(['refusal bad-reading', 'send !FAILbad-reading used is not a number']);
    expect(bench.frames(info(1), bad, info(2))).toEqual([
      'store 5f2c91e0 1',
      'refusal bad-reading',
      'store 5f2c91e0 2',
    ]);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', 'send !FAILbad-reading used is not a number']);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED']);
  });

  test('of a v1 unit is acknowledged without header', () => {
    const bench = live({ v: 1 });
    expect(bench.frames(framed('!INFO', 'CPU temperature: 54.5\nhello\nMemory % used: 1.8\n')).slice(1)).toEqual([
      'store-v1 2 and 1',
    ]);
    expect(bench.stored()).toEqual(['send bare !INFO: RECEIVED']);
  });

  test('of a v1 unit is one whatever it says, and has one outcome', () => {
    const bench = live({ v: 1 });
    expect(bench.frames(framed('!INFO'), framed('!INFO', '{"seq":1}')).slice(1)).toEqual([
      'store-v1 0 and 0',
      'store-v1 0 and 1',
    ]);
    expect(bench.stored(3)).toEqual(['send bare !INFO: RECEIVED', 'send bare !INFO: RECEIVED']);
  });
});

describe('an unknown command', () => {
  test.each(['!SUCC', '!FAIL', '!AUTH', '!WHAT'])(
    'like %s gets unknown-command, and the connection goes on',
    (command) => {
      const bench = live();
      expect(bench.frames(framed(command, 'x')).slice(1)).toEqual([
        'refusal unknown-command',
        `send !FAILunknown-command ${command} is no command of a client`,
      ]);
      expect(bench.frames(info(1))).toEqual(['store 5f2c91e0 1']);
    },
  );

  test('is a confirmation that is none', () => {
    const bench = live();
    const words = '!UPDT of a client is ": RECEIVED" and the revision';
    for (const data of ['', '5', ': RECEIVED x', ': RECEIVED  2', ': RECEIVED 2 ', ': received']) {
      expect(bench.frames(framed('!UPDT', data))).toContain(`send !FAILunknown-command ${words}`);
    }
  });
});

describe('answers', () => {
  test('go out in the order of the frames, whatever the store takes how long for', () => {
    type Step = 'reading' | 'bad' | 'unknown' | 'stored' | 'confirmation' | 'again';
    const step = fc.constantFrom<Step>(
      'reading',
      'reading',
      'bad',
      'unknown',
      'stored',
      'stored',
      'confirmation',
      'again',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom<1 | 2>(1, 2), (steps, v) => {
        const bench = live({ v });
        const received = v === 1 ? 'send bare !INFO: RECEIVED' : 'send !INFO: RECEIVED';
        const expected: string[] = [];
        const sent: string[] = [];
        let stores = 0;
        let registrations = 0;
        const collect = (lines: readonly string[]): void => {
          sent.push(...lines.filter((line) => line.startsWith('send ')));
        };
        for (const one of steps) {
          switch (one) {
            case 'reading':
              expected.push(received);
              stores += 1;
              collect(bench.frames(v === 1 ? framed('!INFO', 'hello') : info(stores)));
              break;
            case 'bad':
              if (v === 1) break;
              expected.push('send !FAILbad-reading used is not a number');
              collect(bench.frames(bad));
              break;
            case 'unknown':
              expected.push('send !FAILunknown-command !WHAT is no command of a client');
              collect(bench.frames(framed('!WHAT')));
              break;
            case 'again':
              if (registrations === 2) break;
              registrations += 1;
              expected.push('send !FAILbad-registration this connection has registered already');
              collect(bench.frames(framed('!RGTR')));
              break;
            case 'confirmation':
              collect(bench.frames(framed('!UPDT', ': RECEIVED')));
              break;
            case 'stored':
              if (stores > 0) stores -= 1;
              collect(bench.stored());
          }
          expect(bench.session.unanswered).toBe(expected.length - sent.length);
        }
        collect(bench.stored(stores));
        expect(sent).toEqual(expected);
        expect(bench.session.unanswered).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('that are due stop the reading at 256, and it goes on when there are fewer', () => {
    const bench = live();
    for (let seq = 1; seq <= 255; seq += 1) bench.frames(info(seq));
    expect(bench.session.wantsFrames).toBe(true);
    bench.frames(info(256));
    expect(bench.session.unanswered).toBe(256);
    expect(bench.session.wantsFrames).toBe(false);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED']);
    expect(bench.session.wantsFrames).toBe(true);
  });

  test('are at most one a frame, and none for a confirmation', () => {
    const bench = live();
    expect(bench.frames(framed('!UPDT', ': RECEIVED 1'), framed('!UDPT', ': RECEIVED'))).toEqual(['confirmed 1: 10 s']);
    expect(bench.session.unanswered).toBe(0);
  });
});

describe('a store that fails', () => {
  test('is told once, after the answers before; later frames stay unanswered and nothing more is stored', () => {
    const bench = live();
    bench.frames(info(1), info(2), bad, info(3), framed('!WHAT'));
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED']);
    expect(bench.input({ type: 'store-failed', words: 'disk full' })).toEqual([
      'refusal store-unavailable',
      'lost',
      'send !FAILstore-unavailable disk full',
      'end',
    ]);
    expect(bench.input({ type: 'store-failed', words: 'disk full' })).toEqual([]);
    expect(bench.frames(info(4), framed('!DISC'), framed('!RGTR'))).toEqual([]);
    expect(bench.stored()).toEqual([]);
    expect(bench.pass(5_000)).toEqual(['1000 close: store-unavailable: disk full']);
  });

  test('after !DISC is told in the place of its confirmation', () => {
    const bench = live();
    bench.frames(info(1), framed('!DISC'));
    expect(bench.input({ type: 'store-failed', words: 'disk full' })).toEqual([
      'refusal store-unavailable',
      'send !FAILstore-unavailable disk full',
      'end',
    ]);
  });

  test('with long words is told in what a frame holds', () => {
    for (const words of ['x'.repeat(10_000), '😀'.repeat(200), `${'é'.repeat(109)}x`]) {
      const bench = live();
      bench.frames(info(1));
      bench.input({ type: 'store-failed', words });
      const told = bench.actions.flatMap((action) => (action.type === 'send' ? [action.frame.data] : [])).at(-1) ?? '';
      expect(told).toMatch(/^store-unavailable /);
      const bytes = new TextEncoder().encode(told).length;
      expect(bytes).toBeLessThanOrEqual(235);
      expect(bytes).toBeGreaterThan(200);
    }
  });
});
