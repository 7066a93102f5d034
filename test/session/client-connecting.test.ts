import { describe, expect, test } from 'vitest';
import { acknowledgement, framed } from '../../src/framing/frame.ts';
import { acknowledged, ClientBench, connected, live, reading, succ, success } from './client-bench.ts';

/** Fails every attempt; answers how long it waits for each next one. */
function waits(bench: ClientBench, count: number): readonly number[] {
  const retries: number[] = [];
  for (let attempt = 0; attempt < count; attempt += 1) {
    bench.input({ type: 'closed', reason: 'ECONNREFUSED' });
    const lost = bench.actions.at(-1);
    const retryMs = lost?.type === 'lost' ? lost.retryMs : Number.NaN;
    expect(bench.pass(Math.ceil(retryMs) - 1)).toEqual([]);
    expect(bench.pass(1).map((line) => line.replace(/^\S+ /, ''))).toEqual(['connect']);
    retries.push(retryMs);
  }
  return retries;
}

describe('a client', () => {
  test('dials when it is started, and once', () => {
    const bench = new ClientBench();
    expect(bench.session.deadlineMs).toBeUndefined();
    expect(bench.input({ type: 'start' })).toEqual(['connect']);
    expect(bench.input({ type: 'start' })).toEqual([]);
  });

  test('says in !RGTR who and where it is, and what it speaks', () => {
    const bench = new ClientBench();
    expect(bench.register()).toEqual([
      'send !RGTR{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"2026-11-21T10:00:00Z","v":2,"epoch":"5f2c91e0"}',
    ]);
    expect(bench.session.room).toBe(0);
    expect(bench.session.v).toBeUndefined();
  });

  test('resumes the id that it had before, and then the one that the server gave', () => {
    const bench = new ClientBench({ id: 'earlier', udpPort: 0 });
    const [first] = bench.register();
    expect(first).toContain('"UDP_port":0,');
    expect(first).toContain('"id":"earlier"}');
    bench.frames(succ(success[2]));
    bench.input({ type: 'closed', reason: 'x' });
    bench.pass(60_000);
    expect(bench.input({ type: 'connected', connected })[0]).toContain(`"id":"${success[2].client_id}"}`);
  });

  test('does not resume what a v1 server calls it, nor an id that no server gives', () => {
    const bench = new ClientBench({ id: 'earlier' });
    bench.register();
    expect(bench.frames(succ({ ...success[1], client_id: 'x'.repeat(200) }))).toEqual([
      `registered v1 ${'x'.repeat(200)}`,
    ]);
    bench.input({ type: 'closed', reason: 'x' });
    bench.pass(60_000);
    expect(bench.input({ type: 'connected', connected })[0]).toContain('"id":"earlier"}');
    for (const id of ['', 'x'.repeat(25), 'a b', 'ä']) {
      expect(new ClientBench({ id }).register()[0]).not.toContain('"id"');
    }
  });

  test('is registered by !SUCC, of either version', () => {
    expect(new ClientBench().input({ type: 'frame', frame: succ(success[2]) })).toEqual([]);
    for (const v of [1, 2] as const) {
      const bench = new ClientBench();
      bench.register();
      expect(bench.frames(succ(success[v]))).toEqual([`registered v${v} ${success[v].client_id}`]);
      expect(bench.session.v).toBe(v);
      expect(bench.session.room).toBe(v === 2 ? 256 : 0);
    }
  });

  test('takes the members of !SUCC as they are', () => {
    const bench = new ClientBench();
    bench.register();
    bench.frames(succ({ ...success[2], interval: 0.5, seq: 41, rev: 7, more: {} }));
    const grant = { clientId: success[2].client_id, tcpPort: 34567, seconds: 0.5, v: 2, seq: 41, rev: 7 };
    expect(bench.actions.at(-1)).toEqual({ type: 'registered', grant: { ...grant, token: success[2].token } });
  });

  test.each([
    ['no JSON', '{', 'the data of !SUCC is not a JSON object'],
    ['no client_id', { ...success[2], client_id: undefined }, 'client_id of !SUCC is not a string'],
    ['a long client_id', { ...success[2], client_id: 'x'.repeat(25) }, 'client_id of !SUCC is not URL-safe'],
    ['a client_id for no URL', { ...success[2], client_id: 'a/b' }, 'client_id of !SUCC is not URL-safe'],
    ['no interval', { ...success[1], interval: undefined }, 'interval of !SUCC is not'],
    ['an interval of 0', { ...success[1], interval: 0 }, 'interval of !SUCC is not'],
    ['an interval of 86,401', { ...success[2], interval: 86_401 }, 'interval of !SUCC is not'],
    ['a negative seq', { ...success[2], seq: -1 }, 'seq of !SUCC is not'],
    ['no seq', { ...success[2], seq: undefined }, 'seq of !SUCC is not'],
    ['half a rev', { ...success[2], rev: 0.5 }, 'rev of !SUCC is not'],
    ['no token', { ...success[2], token: undefined }, 'token of !SUCC is missing'],
    ['an empty token', { ...success[2], token: '' }, 'token of !SUCC is missing'],
  ])('cannot go by a !SUCC with %s, and connects anew', (_, members, reason) => {
    const bench = new ClientBench();
    bench.register();
    const frame = typeof members === 'string' ? framed('!SUCC', members) : succ(members);
    expect(bench.frames(frame)).toEqual([
      expect.stringMatching(new RegExp(`^close: ${reason}`)),
      expect.stringMatching(new RegExp(`^lost for 250 ms: ${reason}`)),
    ]);
  });

  test('waits for !SUCC alone: other answers to !RGTR are none', () => {
    const bench = new ClientBench();
    bench.register();
    expect(bench.frames(acknowledged, framed('!UPDT', '5'), acknowledgement('!DISC', true))).toEqual([]);
    expect(bench.frames(succ(success[2]))).toHaveLength(1);
  });

  test('that is asked for a key has none', () => {
    const bench = new ClientBench();
    bench.register();
    expect(bench.frames(framed('!AUTH', 'nonce'))[0]).toBe(
      'close: the server asks for a key, and this client has none',
    );
  });

  test('waits 15 s for a connection, and 15 s for !SUCC, then connects anew', () => {
    const bench = new ClientBench();
    bench.input({ type: 'start' });
    expect(bench.pass(15_000)).toEqual([
      '15000 close: no connection within 15 s',
      '15000 lost for 250 ms: no connection within 15 s',
    ]);
    expect(bench.pass(250)).toEqual(['250 connect']);
    bench.pass(14_000);
    bench.input({ type: 'connected', connected });
    expect(bench.pass(15_500)).toEqual([
      '15000 close: no answer to !RGTR within 15 s',
      '15000 lost for 500 ms: no answer to !RGTR within 15 s',
      '15500 connect',
    ]);
  });

  test('that has given up on a connection does not use it when it comes', () => {
    const bench = new ClientBench();
    bench.input({ type: 'start' });
    bench.pass(15_000);
    expect(bench.input({ type: 'connected', connected })).toEqual([]);
  });
});

describe('the wait before a new attempt', () => {
  test.each([
    [0, Array.from({ length: 9 }, () => 0)],
    [0.5, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]],
    [0.999_999, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]],
  ])('doubles from 0.5 s to 30 s, of which it takes a random part, here %d', (random, expected) => {
    const bench = new ClientBench({ random: () => random });
    bench.input({ type: 'start' });
    expect(waits(bench, 9).map(Math.round)).toEqual(expected);
  });

  test('is never over 30 s, however many attempts there were', () => {
    const bench = new ClientBench({ random: () => 1 - Number.EPSILON });
    bench.input({ type: 'start' });
    const longest = Math.max(...waits(bench, 1_100));
    expect(longest).toBeLessThanOrEqual(30_000);
    expect(longest).toBeGreaterThan(29_999);
  });

  test('begins anew after a reading was answered, and not for a registration alone', () => {
    const bench = new ClientBench();
    bench.input({ type: 'start' });
    waits(bench, 4);
    bench.input({ type: 'connected', connected });
    bench.frames(succ(success[2]), framed('!WHAT'), framed('!UPDT', '{}'));
    expect(waits(bench, 1)).toEqual([4_000]);
    bench.input({ type: 'connected', connected });
    bench.frames(succ(success[2]));
    bench.offer(reading(1));
    bench.frames(acknowledged);
    expect(waits(bench, 2)).toEqual([250, 500]);
  });

  test('is a minute where the server says pending', () => {
    const bench = new ClientBench();
    bench.register();
    expect(bench.frames(framed('!FAIL', 'pending ask the operator'))).toEqual([
      'close: pending: ask the operator',
      'lost for 60000 ms: pending: ask the operator',
    ]);
    expect(bench.pass(60_000)).toEqual(['60000 connect']);
  });
});

describe('a connection that fails', () => {
  const ends = [
    [{ type: 'closed', reason: 'ECONNRESET' }, 'ECONNRESET'],
    [{ type: 'ended' }, 'the server ended the connection'],
    [{ type: 'bad-frame', message: 'a length of 0' }, 'bad-frame: a length of 0'],
    [{ type: 'frame', frame: framed('!FAIL', 'too-many connections') }, 'too-many: connections'],
  ] as const;
  const states = {
    connecting: () => {
      const bench = new ClientBench();
      bench.input({ type: 'start' });
      return bench;
    },
    registering: () => {
      const bench = new ClientBench();
      bench.register();
      return bench;
    },
    live: () => live(),
    'live with a v1 server': () => live(1),
  };

  test.each(Object.keys(states).flatMap((state) => ends.map(([input, reason]) => [state, reason, input] as const)))(
    'while %s (%s) is closed, and dialled anew',
    (state, reason, input) => {
      const bench = states[state as keyof typeof states]();
      expect(bench.input(input)).toEqual([`close: ${reason}`, `lost for 250 ms: ${reason}`]);
      expect(bench.session.room).toBe(0);
      expect(bench.session.v).toBeUndefined();
      expect(bench.input(input)).toEqual([]);
      expect(bench.pass(250)).toEqual(['250 connect']);
    },
  );

  test('while it waits, or before it was started, is nobody’s', () => {
    for (const [input] of ends) {
      expect(new ClientBench().input(input)).toEqual([]);
      const bench = live();
      bench.input({ type: 'closed', reason: 'x' });
      expect(bench.input(input)).toEqual([]);
      expect(bench.pass(250)).toEqual(['250 connect']);
    }
  });

  test('by a frame that is not complete after 30 s is closed, registering or live', () => {
    const registering = new ClientBench();
    registering.register();
    registering.input({ type: 'frame-begun' });
    expect(registering.pass(15_000)[0]).toBe('15000 close: no answer to !RGTR within 15 s');
    for (const bench of [live(), live(1)]) {
      bench.input({ type: 'frame-begun' });
      expect(bench.pass(30_000)[0]).toBe('30000 close: bad-frame: a frame was not complete 30 s after its first byte');
    }
  });

  test('leaves no frame half read and no write untaken to the next connection', () => {
    const bench = live();
    bench.input({ type: 'frame-begun' });
    bench.input({ type: 'blocked' });
    bench.input({ type: 'closed', reason: 'x' });
    bench.pass(250);
    bench.input({ type: 'connected', connected });
    bench.frames(succ(success[2]));
    expect(bench.session.room).toBe(256);
    bench.input({ type: 'frame-begun' });
    bench.pass(29_000);
    bench.frames(framed('!WHAT'));
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('by a server that reads nothing for 30 s is closed, and offers no room meanwhile', () => {
    const bench = live();
    bench.input({ type: 'blocked' });
    expect(bench.session.room).toBe(0);
    bench.input({ type: 'drained' });
    expect(bench.session.room).toBe(256);
    bench.input({ type: 'blocked' });
    expect(bench.pass(30_000)).toContain('30000 close: the server does not read what it is sent');
  });
});
