import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { Patience } from '../../src/session/patience.ts';
import { info, live, ServerBench } from './server-bench.ts';

const overdue = 'send !FAILbad-frame a frame was not complete 30 s after its first byte';
/** Long enough for a unit not to be late while a frame is. */
const hourly = { granted: { rev: 1, seconds: 3600 } };

describe('a frame that has begun', () => {
  test('and is not complete after 30 s gets bad-frame, and ends the connection', () => {
    const bench = live(hourly);
    bench.input({ type: 'frame-begun' });
    expect(bench.pass(29_999)).toEqual([]);
    expect(bench.pass(10)).toEqual(['1 refusal bad-frame', '1 lost', `1 ${overdue}`, '1 end']);
  });

  test('and is complete in time is no matter, and the next has 30 s of its own', () => {
    const bench = live(hourly);
    bench.input({ type: 'frame-begun' });
    bench.pass(29_000);
    bench.frames(info(1));
    bench.stored();
    expect(bench.pass(60_000)).toEqual([]);
    bench.input({ type: 'frame-begun' });
    expect(bench.pass(60_000)[0]).toBe('30000 refusal bad-frame');
  });

  test('has its 30 s while the store has the registration', () => {
    const bench = new ServerBench();
    bench.input({ type: 'frame-begun' });
    expect(bench.pass(9_999)).toEqual([]);
    expect(bench.pass(60_000)).toEqual(['1 close: no registration in time']);
  });

  test('has 30 s of reading: a pause of the server does not count', () => {
    const bench = live(hourly);
    bench.input({ type: 'frame-begun' });
    bench.pass(20_000);
    bench.input({ type: 'paused' });
    expect(bench.pass(600_000)).toEqual([]);
    expect(bench.input({ type: 'wake' })).toEqual([]);
    bench.input({ type: 'resumed' });
    expect(bench.pass(29_999)).toEqual([]);
    expect(bench.pass(1)).toContain(`1 ${overdue}`);
  });

  test('is not waited for by one that leaves', () => {
    const bench = live(hourly);
    bench.frames(framed('!DISC'));
    bench.input({ type: 'frame-begun' });
    expect(bench.pass(60_000)).toEqual(['1000 close: the client said !DISC']);
  });
});

describe('a unit that takes no answers', () => {
  test('is not read meanwhile, and is closed after 30 s', () => {
    const bench = live(hourly);
    bench.input({ type: 'blocked' });
    expect(bench.session.wantsFrames).toBe(false);
    expect(bench.pass(29_999)).toEqual([]);
    expect(bench.pass(10)).toEqual(['1 lost', '1 close: the client does not read its answers']);
  });

  test('is read again once it has taken them', () => {
    const bench = live(hourly);
    bench.input({ type: 'blocked' });
    bench.pass(29_000);
    bench.input({ type: 'drained' });
    expect(bench.session.wantsFrames).toBe(true);
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('has 30 s from the first write that it did not take, not from the last', () => {
    const bench = live(hourly);
    bench.input({ type: 'blocked' });
    bench.pass(20_000);
    bench.input({ type: 'blocked' });
    expect(bench.pass(60_000)).toEqual(['10000 lost', '10000 close: the client does not read its answers']);
  });

  test('is closed once, even where it is lost at the same time', () => {
    const bench = live();
    bench.pass(16_000);
    bench.input({ type: 'blocked' });
    bench.nowMs += 30_000;
    expect(bench.input({ type: 'wake' })).toEqual(['lost', 'close: the client does not read its answers']);
    expect(bench.pass(60_000)).toEqual([]);

    const newcomer = new ServerBench();
    newcomer.input({ type: 'blocked' });
    newcomer.nowMs += 30_000;
    expect(newcomer.input({ type: 'wake' })).toEqual(['close: no registration in time']);
  });

  test('is read, and discarded, in the second after the end', () => {
    const bench = live(hourly);
    bench.input({ type: 'blocked' });
    bench.frames(framed('!DISC'));
    expect(bench.session.wantsFrames).toBe(true);
  });
});

describe('patience', () => {
  test('that has run out is told once, and wants no wake any more', () => {
    const patience = new Patience();
    patience.heed('frame-begun', 0);
    patience.heed('blocked', 0);
    expect(patience.deadlineMs).toBe(30_000);
    expect(patience.judge(30_000)).toBe('frame-overdue');
    expect(patience.judge(30_000)).toBe('blocked-overdue');
    expect(patience.judge(30_000)).toBeUndefined();
    expect(patience.deadlineMs).toBeUndefined();
  });
});
