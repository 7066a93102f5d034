import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { grant, hello, info, live, ServerBench } from './server-bench.ts';

const disc = framed('!DISC');

describe('!DISC', () => {
  test('is confirmed at once where nothing is due, and the connection half-closes', () => {
    expect(live().frames(disc)).toEqual(['confirmed 1: 10 s', 'disconnected', 'send !DISC: RECEIVED', 'end']);
  });

  test('of a v1 unit is confirmed without header', () => {
    expect(live({ v: 1 }).frames(disc).slice(1)).toEqual(['disconnected', 'send bare !DISC: RECEIVED', 'end']);
  });

  test('is confirmed when every earlier frame has been answered', () => {
    const bench = live();
    expect(bench.frames(info(1), info(2), disc).slice(1)).toEqual([
      'store 5f2c91e0 1',
      'store 5f2c91e0 2',
      'disconnected',
    ]);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED']);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', 'send !DISC: RECEIVED', 'end']);
  });

  test('makes late answers of a v1 unit bare as well', () => {
    const bench = live({ v: 1 });
    bench.frames(framed('!INFO', 'hello'), disc);
    expect(bench.stored()).toEqual(['send bare !INFO: RECEIVED', 'send bare !DISC: RECEIVED', 'end']);
  });

  test('ends the reading: frames after it have no answer and no effect', () => {
    const bench = live();
    bench.frames(info(1), disc);
    expect(bench.frames(disc, info(2), framed('!RGTR'), framed('!WHAT'))).toEqual([]);
    expect(bench.input({ type: 'bad-frame', message: 'x' })).toEqual([]);
    expect(bench.stored(2)).toEqual(['send !INFO: RECEIVED', 'send !DISC: RECEIVED', 'end']);
    expect(bench.frames(disc, info(3))).toEqual([]);
  });

  test('is followed by a second of discarding, in which the unit is read, and then the close', () => {
    const bench = live();
    bench.frames(disc);
    expect(bench.session.wantsFrames).toBe(true);
    expect(bench.pass(999)).toEqual([]);
    expect(bench.pass(5_000)).toEqual(['1 close: the client said !DISC']);
    expect(bench.session.deadlineMs).toBeUndefined();
  });

  test('needs no second of discarding where the unit closes', () => {
    const bench = live();
    bench.frames(disc);
    expect(bench.input({ type: 'ended' })).toEqual([]);
    expect(bench.input({ type: 'closed', reason: 'gone' })).toEqual(['close: the client said !DISC']);
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('is not waited for longer than 30 s where the store does not come back', () => {
    const bench = live();
    bench.frames(info(1), disc);
    expect(bench.pass(60_000)).toEqual(['30000 close: the store did not take what is in hand within 30 s']);
    expect(bench.stored()).toEqual([]);
  });
});

describe('a unit that ends its connection', () => {
  test('without !DISC is lost, and gets the answers that are due', () => {
    const bench = live();
    bench.frames(info(1));
    expect(bench.input({ type: 'ended' })).toEqual(['lost']);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', 'end']);
    expect(bench.pass(5_000)).toEqual(['1000 close: the client ended the connection']);
  });

  test('by a failure is lost', () => {
    const bench = live();
    expect(bench.input({ type: 'closed', reason: 'ECONNRESET' })).toEqual(['lost', 'close: ECONNRESET']);
    expect(bench.stored()).toEqual([]);
    expect(bench.frames(info(1))).toEqual([]);
  });

  test('before it registered is no unit', () => {
    expect(new ServerBench().input({ type: 'ended' })).toEqual(['end']);
    expect(new ServerBench().input({ type: 'closed', reason: 'x' })).toEqual(['close: x']);
  });

  test('while it registers gets its answer, and is lost then', () => {
    const bench = new ServerBench();
    bench.frames(framed('!RGTR', JSON.stringify(hello[2])));
    expect(bench.input({ type: 'ended' })).toEqual([]);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([
      'online',
      'lost',
      expect.stringMatching(/^send !SUCC/),
      'end',
    ]);
  });
});

describe('bytes that are no frames', () => {
  test('get bad-frame behind the answers that are due, and end the connection', () => {
    const bench = live();
    bench.frames(info(1));
    expect(bench.input({ type: 'bad-frame', message: 'a length of 0' })).toEqual(['refusal bad-frame', 'lost']);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', 'send !FAILbad-frame a length of 0', 'end']);
    expect(bench.input({ type: 'bad-frame', message: 'a length of 0' })).toEqual([]);
    expect(bench.pass(2_000)).toEqual(['1000 close: bad-frame: a length of 0']);
  });

  test('get bad-frame before a registration, too', () => {
    expect(new ServerBench().input({ type: 'bad-frame', message: 'x' })).toEqual([
      'refusal bad-frame',
      'send !FAILbad-frame x',
      'end',
    ]);
  });
});

describe('a takeover', () => {
  test('closes at once, says nothing, and the unit has no other state for it', () => {
    const bench = live();
    bench.frames(info(1));
    expect(bench.input({ type: 'taken-over' })).toEqual(['close: taken over by another connection']);
    expect(bench.stored()).toEqual([]);
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('closes a connection that leaves, too', () => {
    const bench = live();
    bench.frames(info(1), disc);
    expect(bench.input({ type: 'taken-over' })).toEqual(['close: taken over by another connection']);
  });
});

describe('a server that shuts down', () => {
  test('answers a v2 unit what is due, then says so, and goes', () => {
    const bench = live();
    bench.frames(info(1));
    expect(bench.input({ type: 'shut-down' })).toEqual(['refusal shutting-down', 'lost']);
    expect(bench.frames(info(2))).toEqual([]);
    expect(bench.stored()).toEqual([
      'send !INFO: RECEIVED',
      'send !FAILshutting-down the server shuts down; come back later',
      'end',
    ]);
    expect(bench.input({ type: 'shut-down' })).toEqual([]);
    expect(bench.pass(1_000)).toEqual(['1000 close: the server shuts down']);
  });

  test('answers a v1 unit what is due, and closes without a word', () => {
    const bench = live({ v: 1 });
    bench.frames(framed('!INFO', 'hello'));
    expect(bench.input({ type: 'shut-down' })).toEqual(['lost']);
    expect(bench.stored()).toEqual(['send bare !INFO: RECEIVED', 'end']);
  });

  test('says nothing to one that has not registered', () => {
    expect(new ServerBench().input({ type: 'shut-down' })).toEqual(['end']);
  });

  test.each([
    [1, []],
    [2, ['send !FAILshutting-down the server shuts down; come back later']],
  ] as const)('answers a registration of v%i that is under way before it goes', (v, farewell) => {
    const bench = new ServerBench();
    bench.frames(framed('!RGTR', JSON.stringify(hello[v])));
    bench.input({ type: 'shut-down' });
    expect(bench.input({ type: 'registered', registered: grant }).slice(2)).toEqual([
      expect.stringMatching(/^send !SUCC/),
      ...farewell,
      'end',
    ]);
  });
});

describe('a connection that is closed', () => {
  test('does nothing more, whatever comes', () => {
    const bench = live();
    bench.input({ type: 'closed', reason: 'x' });
    for (const type of ['wake', 'ended', 'stored', 'taken-over', 'shut-down', 'blocked', 'frame-begun'] as const) {
      expect(bench.input({ type })).toEqual([]);
    }
    expect(bench.input({ type: 'closed', reason: 'y' })).toEqual([]);
    expect(bench.input({ type: 'interval', revision: { rev: 2, seconds: 5 } })).toEqual([]);
    expect(bench.input({ type: 'store-failed', words: 'x' })).toEqual([]);
    expect(bench.session.deadlineMs).toBeUndefined();
    expect(bench.session.intervalTries).toBe(0);
  });
});
