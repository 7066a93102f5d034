import { describe, expect, test } from 'vitest';
import { acknowledgement, framed } from '../../src/framing/frame.ts';
import { acknowledged, ClientBench, connected, live, parted, reading, succ, success } from './client-bench.ts';
import { tag, token } from './tag.ts';

const confirmed = ['close: stopped', 'stopped'];
const unconfirmed = ['close: stopped', 'stopped unconfirmed'];

describe('a client that is told to stop', () => {
  test('sends !DISC at once, its readings unanswered or not, and leaves with the confirmation', () => {
    const bench = live();
    bench.offer(reading(1), reading(2));
    expect(bench.input({ type: 'stop' })).toEqual(['send !DISC']);
    expect(bench.session.room).toBe(0);
    expect(bench.offer(reading(3))).toEqual([]);
    expect(bench.frames(acknowledged)).toEqual(['released 1']);
    expect(bench.frames(framed('!FAIL', 'bad-reading x'))).toEqual(['refused 2: x']);
    expect(bench.frames(acknowledgement('!DISC', false))).toEqual(confirmed);
  });

  test('sends !DISC again every 10 s, and leaves after 25 s without the confirmation', () => {
    const bench = live();
    bench.input({ type: 'stop' });
    expect(bench.pass(60_000)).toEqual([
      '10000 send !DISC',
      '20000 send !DISC',
      '25000 close: stopped',
      '25000 stopped unconfirmed',
    ]);
    expect(bench.session.deadlineMs).toBeUndefined();
  });

  test('does not wait for its readings', () => {
    const bench = live();
    bench.offer(reading(1));
    bench.pass(20_000);
    bench.input({ type: 'stop' });
    expect(bench.pass(15_000)).toEqual(['10000 send !DISC']);
    expect(bench.frames(parted)).toEqual(confirmed);
  });

  test('hears no second stop', () => {
    const bench = live();
    bench.input({ type: 'stop' });
    bench.pass(20_000);
    expect(bench.input({ type: 'stop' })).toEqual([]);
    expect(bench.pass(5_000)).toEqual(['5000 close: stopped', '5000 stopped unconfirmed']);
    expect(bench.input({ type: 'stop' })).toEqual([]);
  });

  test('applies what interval still comes, and confirms nothing after !DISC', () => {
    const bench = live();
    bench.input({ type: 'stop' });
    const signed = tag(token, `${success[2].client_id}\n2\n5`);
    expect(bench.frames(framed('!UPDT', `{"interval":5,"rev":2,"tag":"${signed}"}`))).toEqual(['interval 2: 5 s']);
    expect(bench.datagram('x')).toEqual([]);
  });

  test('before it is connected is stopped at once', () => {
    const idle = new ClientBench();
    expect(idle.input({ type: 'stop' })).toEqual(unconfirmed);
    expect(idle.input({ type: 'start' })).toEqual([]);

    const connecting = new ClientBench();
    connecting.input({ type: 'start' });
    expect(connecting.input({ type: 'stop' })).toEqual(unconfirmed);
    expect(connecting.input({ type: 'connected', connected })).toEqual([]);

    const waiting = live();
    waiting.input({ type: 'closed', reason: 'x' });
    expect(waiting.input({ type: 'stop' })).toEqual(unconfirmed);
    expect(waiting.pass(600_000)).toEqual([]);
  });
});

describe('a client that is told to stop while it registers', () => {
  test.each([1, 2] as const)('takes the answer of a v%i server, and says !DISC then', (v) => {
    const bench = new ClientBench();
    bench.register();
    expect(bench.input({ type: 'stop' })).toEqual([]);
    expect(bench.frames(succ(success[v]))).toEqual([`registered v${v} ${success[v].client_id}`, 'send !DISC']);
    expect(bench.frames(parted)).toEqual(confirmed);
  });

  test('leaves 25 s after the stop at the latest', () => {
    const bench = new ClientBench();
    bench.register();
    bench.input({ type: 'stop' });
    bench.pass(5_000);
    expect(bench.input({ type: 'stop' })).toEqual([]);
    bench.pass(9_000);
    bench.frames(succ(success[2]));
    expect(bench.pass(60_000)).toEqual(['10000 send !DISC', '11000 close: stopped', '11000 stopped unconfirmed']);
  });

  test('is stopped where no answer comes', () => {
    const bench = new ClientBench();
    bench.register();
    bench.pass(10_000);
    bench.input({ type: 'stop' });
    expect(bench.pass(60_000)).toEqual(['5000 close: stopped', '5000 stopped unconfirmed']);
  });

  test.each([
    [{ type: 'closed', reason: 'x' }],
    [{ type: 'ended' }],
    [{ type: 'bad-frame', message: 'x' }],
    [{ type: 'frame', frame: framed('!FAIL', 'store-unavailable x') }],
    [{ type: 'frame', frame: framed('!SUCC', '{}') }],
    [{ type: 'frame', frame: framed('!AUTH', 'nonce') }],
  ] as const)('is stopped where its connection fails: %j', (input) => {
    const bench = new ClientBench();
    bench.register();
    bench.input({ type: 'stop' });
    expect(bench.input(input)).toEqual(unconfirmed);
    expect(bench.pass(600_000)).toEqual([]);
  });
});

describe('a client that leaves', () => {
  test.each([
    [{ type: 'closed', reason: 'ECONNRESET' }],
    [{ type: 'ended' }],
    [{ type: 'bad-frame', message: 'x' }],
    [{ type: 'frame', frame: framed('!FAIL', 'shutting-down x') }],
    [{ type: 'frame', frame: acknowledged }],
    [{ type: 'frame', frame: framed('!FAIL', 'bad-reading x') }],
  ] as const)('has left where its connection ends or cannot be followed: %j', (input) => {
    for (const v of [1, 2] as const) {
      const bench = live(v);
      bench.input({ type: 'stop' });
      expect(bench.input(input)).toEqual(unconfirmed);
      expect(bench.pass(600_000)).toEqual([]);
    }
  });

  test('takes no other frame for the confirmation', () => {
    const bench = live();
    bench.input({ type: 'stop' });
    expect(bench.frames(framed('!DISC'), framed('!SUCC', '{}'))).toEqual(['ignored malformed', 'ignored malformed']);
  });

  test('knows no confirmation before it left', () => {
    expect(live().frames(parted)).toEqual(['ignored malformed']);
  });
});

describe('a client that has stopped', () => {
  test('does nothing more, whatever comes', () => {
    const bench = live();
    bench.input({ type: 'stop' });
    bench.frames(parted);
    for (const type of ['start', 'stop', 'ended', 'blocked', 'drained', 'frame-begun', 'paused', 'wake'] as const) {
      expect(bench.input({ type })).toEqual([]);
    }
    bench.nowMs += 600_000;
    expect(bench.input({ type: 'wake' })).toEqual([]);
    expect(bench.input({ type: 'closed', reason: 'x' })).toEqual([]);
    expect(bench.input({ type: 'connected', connected })).toEqual([]);
    expect(bench.frames(acknowledged, parted, framed('!FAIL', 'x'), succ(success[2]))).toEqual([]);
    expect(bench.offer(reading(1))).toEqual([]);
    expect(bench.session.deadlineMs).toBeUndefined();
    expect(bench.session.v).toBeUndefined();
  });
});
