import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { type ClientBench, connected, live, succ, success } from './client-bench.ts';
import { otherToken, tag, token } from './tag.ts';

interface Update {
  readonly rev: number | string;
  readonly interval: number | string;
  readonly key?: string;
  readonly clientId?: string;
}

/** The data of an `!UPDT` with a right tag under `key`; `interval` and `rev` stand in it as they are written here. */
function update({ rev, interval, key = token, clientId = success[2].client_id }: Update): string {
  return `{"interval":${interval},"rev":${rev},"tag":"${tag(key, `${clientId}\n${rev}\n${interval}`)}"}`;
}

function again(bench: ClientBench, members: object): void {
  bench.input({ type: 'closed', reason: 'x' });
  bench.pass(60_000);
  bench.input({ type: 'connected', connected });
  bench.frames(succ({ ...success[2], ...members }));
}

describe('an interval of a v2 server', () => {
  test('is applied at once and confirmed with its revision', () => {
    expect(live().datagram(update({ rev: 2, interval: 5 }))).toEqual(['interval 2: 5 s', 'send !UPDT: RECEIVED 2']);
  });

  test('is applied by way of TCP, too, and from any address', () => {
    const bench = live();
    expect(bench.frames(framed('!UPDT', update({ rev: 2, interval: 5 })))).toEqual([
      'interval 2: 5 s',
      'send !UPDT: RECEIVED 2',
    ]);
    expect(bench.datagram(update({ rev: 3, interval: 6 }), '203.0.113.9')).toEqual([
      'interval 3: 6 s',
      'send !UPDT: RECEIVED 3',
    ]);
  });

  test.each(['0.1', '0.101', '0.5', '1', '12.125', '59.99', '86400'])('may be %s', (interval) => {
    expect(live().datagram(update({ rev: 2, interval }))[0]).toBe(`interval 2: ${Number(interval)} s`);
  });

  test.each([
    '0',
    '0.09',
    '86400.001',
    '86401',
    '100000',
    '-5',
    '+5',
    '05',
    '5.',
    '.5',
    '5.0',
    '0.50',
    '5e0',
    '5E0',
    '50e-1',
    '0.1234',
    '1.00000000001',
    '"5"',
    'null',
    '[5]',
    '{"interval":5}',
  ])('may not be %s, whatever its tag', (interval) => {
    expect(live().datagram(update({ rev: 2, interval }))).toEqual(['ignored malformed']);
  });

  test.each(['0', '-1', '1.5', '"2"', 'null', '9007199254740992', '1e400'])('has no revision like %s', (rev) => {
    expect(live().datagram(update({ rev, interval: 5 }))).toEqual(['ignored malformed']);
  });

  test.each(['', '5', '[]', 'null', '{', '{"interval":5,"rev":2}', '{"interval":5,"rev":2,"tag":5}', '"x"'])(
    'is not %j',
    (data) => {
      expect(live().datagram(data)).toEqual(['ignored malformed']);
    },
  );

  test('may have other members, and space between', () => {
    const signed = tag(token, `${success[2].client_id}\n2\n5`);
    expect(live().datagram(`{ "more": [1], "tag": "${signed}",\n"rev": 2, "interval": 5 }`)[0]).toBe('interval 2: 5 s');
  });

  test('is not applied in another datagram than !UPDT', () => {
    const frame = framed('!INFO', update({ rev: 2, interval: 5 }));
    expect(live().input({ type: 'datagram', frame, from: connected.peerAddress })).toEqual(['ignored malformed']);
  });
});

describe('a tag', () => {
  test.each([
    ['under another key', { rev: 2, interval: 5, key: otherToken }],
    ['of another unit', { rev: 2, interval: 5, clientId: 'another' }],
  ])('%s is a forgery', (_, members) => {
    const bench = live();
    expect(bench.datagram(update(members))).toEqual(['ignored forged']);
    expect(bench.frames(framed('!UPDT', update(members)))).toEqual(['ignored forged']);
    expect(bench.datagram(update({ rev: 2, interval: 5 }))[0]).toBe('interval 2: 5 s');
  });

  test('of another revision or interval is a forgery', () => {
    const right = update({ rev: 2, interval: 5 });
    for (const data of [
      right.replace('"rev":2', '"rev":3'),
      right.replace('5', '6'),
      right.replace('5', '5.001'),
      right.replace(/"tag":"../, '"tag":"__'),
      right.replace(/"tag":"[^"]*/, '"tag":"'),
      right.replace('"}', '="}'),
    ]) {
      expect(live().datagram(data)).toEqual(['ignored forged']);
    }
  });

  test('does not cover members of the same name deeper inside', () => {
    const right = update({ rev: 2, interval: 7 });
    for (const data of [
      right.replace('"interval":7', '"interval":5').replace('{', '{"x":{"interval":7},'),
      right.replace('"interval":7', '"interval":5').replace('}', ',"x":{"interval":7}}'),
      right.replace('"rev":2', '"rev":99').replace('}', ',"x":[{"rev":2}]}'),
    ]) {
      expect(
        live()
          .datagram(data)
          .some((line) => line.startsWith('interval')),
      ).toBe(false);
      expect(live().datagram(data)).toHaveLength(1);
    }
  });

  test('under the last registration’s token is stale, and under the one before that a forgery', () => {
    const bench = live();
    again(bench, { token: otherToken });
    expect(bench.datagram(update({ rev: 2, interval: 5 }))).toEqual(['ignored stale']);
    expect(bench.datagram(update({ rev: 2, interval: 5, key: otherToken }))[0]).toBe('interval 2: 5 s');
    again(bench, { token: 'third', client_id: 'renamed' });
    expect(bench.datagram(update({ rev: 2, interval: 5 }))).toEqual(['ignored forged']);
    expect(bench.datagram(update({ rev: 2, interval: 5, key: otherToken }))).toEqual(['ignored stale']);
    expect(bench.datagram(update({ rev: 2, interval: 5, key: 'third', clientId: 'renamed' }))[0]).toMatch(/^interval/);
  });

  test('is not stale where there was no token before; a v1 server in between has none', () => {
    const first = live();
    expect(first.datagram(update({ rev: 2, interval: 5, key: '', clientId: '' }))).toEqual(['ignored forged']);
    first.input({ type: 'closed', reason: 'x' });
    first.pass(60_000);
    first.input({ type: 'connected', connected });
    first.frames(succ(success[1]));
    again(first, { token: otherToken });
    expect(first.datagram(update({ rev: 2, interval: 5 }))).toEqual(['ignored stale']);
  });

  test('is stale only where it is right', () => {
    const bench = live();
    again(bench, { token: otherToken });
    expect(bench.datagram(update({ rev: 2, interval: 5 }).replace('5', '6'))).toEqual(['ignored forged']);
  });
});

describe('a revision', () => {
  test('at or below the own is confirmed and not applied', () => {
    const bench = live();
    bench.datagram(update({ rev: 5, interval: 5 }));
    expect(bench.datagram(update({ rev: 4, interval: 60 }))).toEqual(['send !UPDT: RECEIVED 4']);
    expect(bench.datagram(update({ rev: 1, interval: 10 }))).toEqual(['send !UPDT: RECEIVED 1']);
    bench.pass(1_000);
    expect(bench.datagram(update({ rev: 5, interval: 5 }))).toEqual(['send !UPDT: RECEIVED 5']);
  });

  test('is confirmed at most once a second, whichever way it comes', () => {
    const bench = live();
    const data = update({ rev: 2, interval: 5 });
    bench.datagram(data);
    expect(bench.frames(framed('!UPDT', data))).toEqual([]);
    bench.pass(999);
    expect(bench.datagram(data)).toEqual([]);
    expect(bench.datagram(update({ rev: 3, interval: 6 }))).toEqual(['interval 3: 6 s', 'send !UPDT: RECEIVED 3']);
    bench.pass(1);
    expect(bench.datagram(data)).toEqual(['send !UPDT: RECEIVED 2']);
    expect(bench.datagram(data)).toEqual([]);
  });

  test('counts from the one of !SUCC, which may go back', () => {
    const bench = live();
    bench.datagram(update({ rev: 9, interval: 5 }));
    again(bench, { rev: 4 });
    expect(bench.datagram(update({ rev: 4, interval: 10 }))).toEqual(['send !UPDT: RECEIVED 4']);
    expect(bench.datagram(update({ rev: 5, interval: 6 }))).toEqual(['interval 5: 6 s', 'send !UPDT: RECEIVED 5']);
  });

  test('that was confirmed on an earlier connection is confirmed on this one at once', () => {
    const bench = live(2, { random: () => 0 });
    bench.datagram(update({ rev: 2, interval: 5 }));
    bench.input({ type: 'closed', reason: 'x' });
    bench.pass(0);
    bench.input({ type: 'connected', connected });
    bench.frames(succ(success[2]));
    expect(bench.datagram(update({ rev: 2, interval: 5 }))).toEqual(['interval 2: 5 s', 'send !UPDT: RECEIVED 2']);
  });

  test('is remembered for the last 16 of them', () => {
    const bench = live();
    for (let rev = 2; rev <= 18; rev += 1) bench.datagram(update({ rev, interval: rev }));
    expect(bench.datagram(update({ rev: 3, interval: 3 }))).toEqual([]);
    expect(bench.datagram(update({ rev: 2, interval: 2 }))).toEqual(['send !UPDT: RECEIVED 2']);
  });

  test('that was confirmed again is remembered longer', () => {
    const bench = live();
    for (let rev = 2; rev <= 17; rev += 1) bench.datagram(update({ rev, interval: rev }));
    bench.pass(1_000);
    bench.datagram(update({ rev: 2, interval: 2 }));
    bench.datagram(update({ rev: 18, interval: 18 }));
    expect(bench.datagram(update({ rev: 2, interval: 2 }))).toEqual([]);
  });
});

describe('a datagram', () => {
  test('without a registration is nobody’s', () => {
    const bench = live();
    bench.input({ type: 'closed', reason: 'x' });
    expect(bench.datagram(update({ rev: 2, interval: 5 }))).toEqual([]);
    bench.input({ type: 'stop' });
    expect(bench.datagram(update({ rev: 2, interval: 5 }))).toEqual([]);
  });
});
