import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { grant, hello, info, live, ServerBench } from './server-bench.ts';

function unitOf(seconds: number, v: 1 | 2 = 2): ServerBench {
  return live({ v, granted: { rev: 1, seconds } });
}

describe('a silent unit', () => {
  test.each([
    [0.1, 5_000, 15_000],
    [1, 5_000, 15_000],
    [3, 5_000, 15_000],
    [3.5, 5_250, 15_000],
    [5, 7_500, 15_000],
    [6, 9_000, 18_000],
    [10, 15_000, 30_000],
    [86_400, 129_600_000, 259_200_000],
  ])('at an interval of %d s is late after %i ms and lost after %i ms, which closes', (seconds, lateMs, lostMs) => {
    expect(unitOf(seconds).pass(300_000_000)).toEqual([
      `${lateMs} late`,
      `${lostMs} lost`,
      `${lostMs} close: no frame for 3 intervals`,
    ]);
  });

  test('that is late is online again with its next frame, of whatever kind', () => {
    for (const frame of [info(1), framed('!UPDT', ': RECEIVED'), framed('!WHAT')]) {
      const bench = unitOf(10);
      expect(bench.pass(29_999)).toEqual(['15000 late']);
      expect(bench.frames(frame).slice(0, 2)).toEqual(['online', 'confirmed 1: 10 s']);
      expect(bench.pass(29_999)).toEqual(['15000 late']);
    }
  });

  test('is late from its last frame, not from an answer to it', () => {
    const bench = unitOf(10);
    bench.frames(info(1));
    bench.pass(10_000);
    bench.stored();
    expect(bench.pass(5_000)).toEqual(['5000 late']);
  });

  test('is not judged before it has registered', () => {
    const bench = new ServerBench();
    bench.frames(framed('!RGTR', JSON.stringify(hello[2])));
    bench.pass(20_000);
    bench.input({ type: 'registered', registered: grant });
    expect(bench.pass(15_000)).toEqual(['15000 late']);
  });
});

describe('the interval that a unit is judged by', () => {
  test('is the confirmed one: a wanted one does not count', () => {
    const bench = unitOf(10);
    bench.input({ type: 'interval', revision: { rev: 2, seconds: 60 } });
    expect(bench.pass(15_000)).toContain('15000 late');
    bench.frames(framed('!UPDT', ': RECEIVED 2'));
    expect(bench.pass(180_000).filter((line) => !line.includes('!UPDT'))).toEqual([
      '90000 late',
      '180000 lost',
      '180000 close: no frame for 3 intervals',
    ]);
  });

  test('of a v1 unit, which confirms nothing, is the longest that it may have gone over to', () => {
    const bench = unitOf(10, 1);
    bench.input({ type: 'interval', revision: { rev: 2, seconds: 60 } });
    expect(bench.pass(20_000).filter((line) => !line.includes('!UPDT'))).toEqual(['15000 assumed 2: 60 s']);
    // Its first frame says that it has what !SUCC told it, and not that it has nothing newer.
    expect(bench.frames(framed('!INFO', 'hello'))).toEqual(['confirmed 1: 10 s', 'store-v1 0 and 1']);
    expect(bench.pass(200_000)).toEqual(['90000 late', '180000 lost', '180000 close: no frame for 3 intervals']);
  });

  test('of a v1 unit is not a shorter one that may have got lost', () => {
    const bench = unitOf(60, 1);
    bench.input({ type: 'interval', revision: { rev: 2, seconds: 1 } });
    expect(bench.pass(91_000)).toContain('90000 late');
  });
});

describe('time in which the server did not read', () => {
  test('does not count for a pause', () => {
    const bench = unitOf(10);
    expect(bench.pass(12_000)).toEqual([]);
    bench.input({ type: 'paused' });
    expect(bench.pass(600_000)).toEqual([]);
    bench.input({ type: 'resumed' });
    // 3 s are left of the 15, and a moment in which to read what lies there.
    expect(bench.pass(20_000)).toEqual(['3250 late', '18250 lost', '18250 close: no frame for 3 intervals']);
  });

  test('does not make a unit younger than its last frame', () => {
    const bench = unitOf(10);
    bench.input({ type: 'paused' });
    bench.pass(5_000);
    bench.frames(info(1));
    bench.pass(5_000);
    bench.input({ type: 'resumed' });
    expect(bench.pass(15_000)).toEqual(['15000 late']);
  });

  test('does not count from its beginning, however often it is told', () => {
    const bench = unitOf(10);
    bench.pass(10_000);
    bench.input({ type: 'paused' });
    bench.pass(10_000);
    bench.input({ type: 'paused' });
    bench.pass(10_000);
    bench.input({ type: 'resumed' });
    bench.input({ type: 'resumed' });
    expect(bench.pass(6_000)).toEqual(['5250 late']);
  });

  test('does not count where the pause began before the unit was registered', () => {
    const bench = new ServerBench();
    bench.frames(framed('!RGTR', JSON.stringify(hello[2])));
    bench.input({ type: 'paused' });
    bench.input({ type: 'registered', registered: grant });
    expect(bench.pass(600_000)).toEqual([]);
    bench.input({ type: 'resumed' });
    expect(bench.pass(15_000)).toEqual(['15000 late']);
  });

  test('does not count where a wake is held up by more than 250 ms', () => {
    const bench = unitOf(10);
    expect(bench.sleep(15_251)).toEqual([]);
    expect(bench.pass(1_000)).toEqual(['250 late']);
    // For the lateness of the next one, it counts neither.
    expect(bench.sleep(60_000)).toEqual([]);
    bench.frames(info(1));
    expect(bench.pass(15_000)).toEqual(['15000 late']);
  });

  test('counts where a wake is as late as wakes are', () => {
    const bench = unitOf(10);
    expect(bench.sleep(15_250)).toEqual(['late']);
    expect(bench.sleep(15_000)).toEqual(['lost', 'close: no frame for 3 intervals']);
  });

  test('is not there where a wake comes early', () => {
    const bench = unitOf(10);
    for (let seconds = 1; seconds < 15; seconds += 1) expect(bench.sleep(1_000)).toEqual([]);
    expect(bench.sleep(1_000)).toEqual(['late']);
  });
});
