import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { grant, info, live, type ServerBench } from './server-bench.ts';
import { tag, token } from './tag.ts';

/** Keeps a unit from being late while its interval is under way. */
const granted = { rev: 1, seconds: 3600 };

function update(rev: number, interval: string): string {
  const signed = tag(token, `${grant.clientId}\n${rev}\n${interval}`);
  return `!UPDT{"interval":${interval},"rev":${rev},"tag":"${signed}"}`;
}

function want(bench: ServerBench, rev: number, seconds: number): readonly string[] {
  return bench.input({ type: 'interval', revision: { rev, seconds } });
}

describe('a wanted interval', () => {
  test('goes out by UDP at once, after 5 s, then every 10 s; over TCP as well from the third sending', () => {
    const bench = live({ granted });
    const text = update(2, '5');
    expect(want(bench, 2, 5)).toEqual([`datagram ${text}`]);
    expect(bench.session.intervalTries).toBe(1);
    expect(bench.pass(36_000)).toEqual([
      `5000 datagram ${text}`,
      `15000 datagram ${text}`,
      `15000 send ${text}`,
      `25000 datagram ${text}`,
      `25000 send ${text}`,
      `35000 datagram ${text}`,
      `35000 send ${text}`,
    ]);
    expect(bench.session.intervalTries).toBe(5);
  });

  test.each([
    [0.1, '0.1'],
    [0.5, '0.5'],
    [5, '5'],
    [12.125, '12.125'],
    [86_400, '86400'],
  ])('of %d s is written as %s', (seconds, text) => {
    expect(want(live({ granted }), 2, seconds)).toEqual([`datagram ${update(2, text)}`]);
  });

  test('goes over TCP from the first sending where UDP never arrived', () => {
    const bench = live({ granted, tcpOnly: true });
    expect(want(bench, 2, 5)).toEqual([`datagram ${update(2, '5')}`, `send ${update(2, '5')}`]);
  });

  test('goes over TCP alone where the unit hears no UDP', () => {
    const bench = live({ granted, hearsUdp: false });
    expect(want(bench, 2, 5)).toEqual([`send ${update(2, '5')}`]);
    expect(bench.pass(16_000)).toEqual([`5000 send ${update(2, '5')}`, `15000 send ${update(2, '5')}`]);
  });

  test('ends with the connection', () => {
    const bench = live({ granted });
    want(bench, 2, 5);
    bench.frames(info(1), framed('!DISC'));
    expect(bench.pass(29_999)).toEqual([]);
    expect(want(bench, 3, 6)).toEqual([]);
  });

  test('is replaced by a newer one, which begins anew', () => {
    const bench = live({ granted });
    want(bench, 2, 5);
    bench.pass(16_000);
    expect(want(bench, 3, 6)).toEqual([`datagram ${update(3, '6')}`]);
    expect(bench.session.intervalTries).toBe(1);
    expect(bench.pass(14_999)).toEqual([`5000 datagram ${update(3, '6')}`]);
    expect(bench.pass(1)).toEqual([`1 datagram ${update(3, '6')}`, `1 send ${update(3, '6')}`]);
  });
});

describe('a confirmation', () => {
  test.each(['!UPDT', '!UDPT'])('may be spelled %s, with the number or without, and ends the sending', (command) => {
    for (const data of [': RECEIVED 2', ': RECEIVED']) {
      const bench = live({ granted });
      bench.frames(info(1));
      want(bench, 2, 5);
      expect(bench.frames(framed(command, data))).toEqual(['confirmed 2: 5 s']);
      expect(bench.frames(framed(command, data))).toEqual([]);
      expect(bench.pass(7_499)).toEqual([]);
    }
  });

  test('of an older revision is news, and the newer one is sent on', () => {
    const bench = live({ granted });
    bench.frames(info(1));
    want(bench, 2, 5);
    want(bench, 3, 6);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual(['confirmed 2: 5 s']);
    expect(bench.pass(5_000)).toEqual([`5000 datagram ${update(3, '6')}`]);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 3'))).toEqual(['confirmed 3: 6 s']);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual([]);
  });

  test('without a number is of the last one that was sent', () => {
    const bench = live({ granted });
    bench.frames(info(1));
    want(bench, 2, 5);
    want(bench, 3, 6);
    expect(bench.frames(framed('!UPDT', ': RECEIVED'))).toEqual(['confirmed 3: 6 s']);
    expect(bench.pass(8_999)).toEqual([]);
  });

  test('is understood for the last 16 revisions', () => {
    const bench = live({ granted });
    bench.frames(info(1));
    for (let rev = 2; rev <= 18; rev += 1) want(bench, rev, 3600);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual([]);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 3'))).toEqual(['confirmed 3: 3600 s']);
  });

  test('of a newer revision settles the older ones', () => {
    const bench = live({ granted });
    bench.frames(info(1));
    want(bench, 2, 5);
    want(bench, 3, 6);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 3'))).toEqual(['confirmed 3: 6 s']);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'), framed('!UPDT', ': RECEIVED 3'))).toEqual([]);
    expect(bench.pass(8_999)).toEqual([]);
  });

  test.each([': RECEIVED 3', ': RECEIVED 0', ': RECEIVED 9999999999999999'])(
    'of what was never sent (%j) is none, and has no answer',
    (data) => {
      const bench = live({ granted });
      bench.frames(info(1));
      want(bench, 2, 5);
      expect(bench.frames(framed('!UPDT', data))).toEqual([]);
      expect(bench.pass(5_000)).toHaveLength(1);
    },
  );

  test('up to the second sending shows that UDP arrives; from the third on, that only TCP does', () => {
    for (const [waitMs, line] of [
      [14_999, 'confirmed 2: 5 s'],
      [15_000, 'confirmed 2: 5 s, TCP only'],
    ] as const) {
      const bench = live({ granted });
      bench.frames(info(1));
      want(bench, 2, 5);
      bench.pass(waitMs);
      expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual([line]);
    }
  });

  test('by way of TCP alone is remembered on this connection and told with each later one', () => {
    const bench = live({ granted });
    bench.frames(info(1));
    want(bench, 2, 3600);
    bench.pass(15_000);
    bench.frames(framed('!UPDT', ': RECEIVED 2'));
    expect(want(bench, 3, 7)).toEqual([`datagram ${update(3, '7')}`, `send ${update(3, '7')}`]);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 3'))).toEqual(['confirmed 3: 7 s, TCP only']);
  });

  test('of a unit that hears no UDP says nothing of UDP', () => {
    const bench = live({ granted, hearsUdp: false });
    bench.frames(info(1));
    want(bench, 2, 5);
    bench.pass(25_000);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual(['confirmed 2: 5 s']);
  });
});

describe('the interval of !SUCC', () => {
  test.each(['!INFO', '!UPDT', '!DISC', '!RGTR', '!WHAT'])(
    'counts as confirmed with the next frame, here %s',
    (command) => {
      expect(live({ granted: { rev: 8, seconds: 60 } }).frames(framed(command))[0]).toBe('confirmed 8: 60 s');
    },
  );

  test('is confirmed once, and a revision of 0 as well', () => {
    const bench = live({ granted: { rev: 0, seconds: 60 } });
    expect(bench.frames(info(1), info(2))).toEqual(['confirmed 0: 60 s', 'store 5f2c91e0 1', 'store 5f2c91e0 2']);
  });

  test('is confirmed before a newer one by the confirmation of that', () => {
    const bench = live({ granted });
    want(bench, 2, 5);
    expect(bench.frames(framed('!UPDT', ': RECEIVED 2'))).toEqual(['confirmed 1: 3600 s', 'confirmed 2: 5 s']);
  });
});

describe('a v1 unit', () => {
  test('is told three times, in plain seconds and by UDP alone; then the interval is assumed', () => {
    const bench = live({ v: 1, granted });
    expect(want(bench, 2, 5)).toEqual(['datagram !UPDT5']);
    expect(bench.pass(3_600_000)).toEqual(['5000 datagram !UPDT5', '15000 datagram !UPDT5', '15000 assumed 2: 5 s']);
    expect(bench.session.intervalTries).toBe(3);
  });

  test('that confirms after all is believed, in either spelling, and UDP is known to arrive', () => {
    const bench = live({ v: 1, granted });
    bench.frames(framed('!INFO', 'hello'));
    want(bench, 2, 5);
    bench.pass(20_000);
    expect(bench.frames(framed('!UDPT', ': RECEIVED'))).toEqual(['confirmed 2: 5 s']);
    expect(bench.pass(7_500)).toEqual(['7500 late']);
  });

  test('is told a newer interval three times, too', () => {
    const bench = live({ v: 1, granted });
    want(bench, 2, 5);
    bench.pass(20_000);
    expect(want(bench, 3, 7)).toEqual(['datagram !UPDT7']);
    expect(bench.pass(20_000)).toEqual(['5000 datagram !UPDT7', '15000 datagram !UPDT7', '15000 assumed 3: 7 s']);
  });

  test('that hears no UDP is not told, and nothing is assumed', () => {
    const bench = live({ v: 1, granted, hearsUdp: false });
    expect(want(bench, 2, 5)).toEqual([]);
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.session.intervalTries).toBe(0);
  });

  test('never gets anything unasked over TCP, even one that was a v2 unit without UDP', () => {
    const bench = live({ v: 1, granted, tcpOnly: true });
    expect([...want(bench, 2, 5), ...bench.pass(60_000)].filter((line) => line.includes('send'))).toEqual([]);
  });
});
