import { expect, test } from 'vitest';
import { Rests } from '../../src/server/rests.ts';
import { createManualClock } from '../manual-clock.ts';

interface Load {
  readonly perSecond: number;
  readonly connections: number;
  /** Of a turn's time, what the loop works. */
  readonly busyMs: number;
  readonly frames: number;
}

const many: Load = { perSecond: 5_000, connections: 250, busyMs: 0.2, frames: 5 };

/** The longest rest in a second under such a load, in milliseconds, when each turn takes a millisecond but for its rest. */
function restUnder({ perSecond, connections, busyMs, frames }: Load): number {
  const clock = createManualClock();
  let idleMs = 0;
  let longestMs = 0;
  const loop = {
    idleMs: () => idleMs,
    rest: (ms: number) => {
      longestMs = Math.max(longestMs, ms);
      clock.advance(ms);
    },
  };
  const rests = new Rests({ clock, loop, pace: { perSecond, connections } });
  while (clock.monotonicMs() < 1_000) {
    clock.advance(1);
    idleMs += 1 - busyMs;
    if (rests.mayCommit()) rests.committed();
    rests.turnOver(frames);
  }
  return longestMs;
}

test('where thousands a second come from many connections the loop rests, for a bounded time', () => {
  expect(restUnder(many)).toBe(10);
  expect(restUnder({ ...many, perSecond: 1_500 })).toBe(3);
  expect(restUnder({ ...many, perSecond: 30_000 })).toBe(10);
});

test('a few connections never wait for a rest, however much they send', () => {
  for (const connections of [1, 10, 63]) expect(restUnder({ ...many, connections, perSecond: 20_000 })).toBe(0);
});

test('frames that are far between are no reason to rest', () => {
  expect(restUnder({ ...many, perSecond: 900 })).toBe(0);
});

test('a loop that has no time to spare does not rest', () => {
  expect(restUnder({ ...many, busyMs: 0.9 })).toBe(0);
});

test('the time that it rested is time to spare', () => {
  // Of each turn of 11 ms, 10 of which it rests, 0.9 ms are work.
  const clock = createManualClock();
  let rested = 0;
  let idleMs = 0;
  const loop = { idleMs: () => idleMs, rest: (ms: number) => (clock.advance(ms), void (rested += 1)) };
  const rests = new Rests({ clock, loop, pace: { perSecond: 5_000, connections: 250 } });
  for (let turn = 0; turn < 100; turn += 1) {
    clock.advance(1);
    idleMs += turn < 60 ? 1 : 0.1;
    if (rests.mayCommit()) rests.committed();
    rests.turnOver(5);
  }
  expect(rested).toBeGreaterThan(40);
});

test('a turn that brought many frames is followed by no rest', () => {
  expect(restUnder({ ...many, frames: 128 })).toBe(0);
  expect(restUnder({ ...many, frames: 127 })).toBe(10);
});

test('the loop rests on after the store has woken it, until the next commit is due', () => {
  const clock = createManualClock();
  const rests: number[] = [];
  let idleMs = 0;
  const loop = { idleMs: () => idleMs, rest: (ms: number) => (rests.push(ms), clock.advance(Math.min(ms, 3))) };
  const judged = new Rests({ clock, loop, pace: { perSecond: 5_000, connections: 250 } });
  for (; idleMs < 60; idleMs += 1) {
    clock.advance(1);
    judged.turnOver(5);
  }
  expect(judged.mayCommit()).toBe(true);
  judged.committed();
  for (let turn = 0; turn < 4; turn += 1) {
    expect(judged.mayCommit()).toBe(false);
    judged.turnOver(0);
  }
  expect(rests).toEqual([10, 7, 4, 1]);
  expect(judged.mayCommit()).toBe(true);
});
