import { expect, test } from 'vitest';
import { CommitPace, joinLittle, joinMuch, type Joining } from '../../src/server/commit-pace.ts';

/** The delay once `perSecond` readings a second have come from so many connections in turn for a quarter of a second. */
function delayAt(perSecond: number, connections: number, joining: Joining): number {
  const pace = new CommitPace(joining);
  const windows = Array.from({ length: connections }, () => 0);
  const everyMs = 1_000 / perSecond;
  let delayMs = 0;
  for (let nowMs = 0, turn = 0; nowMs < 250; nowMs += everyMs, turn += 1) {
    const connection = turn % connections;
    windows[connection] = pace.arrived(windows[connection] ?? 0);
    delayMs = pace.delayMs(nowMs);
  }
  return delayMs;
}

test('one client is never kept waiting, however much it sends', () => {
  expect([1, 100, 1_000, 20_000].map((perSecond) => delayAt(perSecond, 1, joinMuch))).toEqual([0, 0, 0, 0]);
});

test('the delay grows with the rate of many, up to its maximum', () => {
  expect(delayAt(100, 100, joinMuch)).toBeLessThan(0.5);
  expect(delayAt(1_000, 100, joinMuch)).toBeCloseTo(2, 0);
  expect(delayAt(5_000, 1_000, joinMuch)).toBe(8);
  expect(delayAt(60_000, 1_000, joinMuch)).toBe(8);
});

test('a store that gains nothing by it never waits', () => {
  expect(delayAt(60_000, 1_000, joinLittle)).toBe(0);
});

test('after a silence the first to come is not kept waiting', () => {
  const pace = new CommitPace(joinMuch);
  for (let count = 0; count < 5_000; count += 1) pace.arrived(0);
  pace.delayMs(0);
  for (let count = 0; count < 5_000; count += 1) pace.arrived(0);
  expect(pace.delayMs(100)).toBe(8);
  pace.arrived(0);
  expect(pace.delayMs(60_000)).toBe(0);
});
