import { expect, test } from 'vitest';
import type { LoadResult } from '../../bench/load.ts';
import { closedLoop, openLoop, type Pace } from '../../bench/load-pace.ts';
import { Histogram } from '../../src/fleet/histogram.ts';

test('a closed loop has one reading of each unit on its way, and sends as many as it was told', async () => {
  const onTheWay = new Set<number>();
  let sent = 0;
  const { promise, resolve } = Promise.withResolvers<LoadResult>();
  const pace: Pace = closedLoop(25, {
    units: 10,
    send: (unit) => {
      expect(onTheWay.has(unit)).toBe(false);
      onTheWay.add(unit);
      sent += 1;
    },
    done: resolve,
  });
  pace.begin();
  expect(onTheWay.size).toBe(10);
  for (const unit of onTheWay) {
    onTheWay.delete(unit);
    pace.answered(unit);
  }
  expect((await promise).answers).toBe(25);
  expect(sent).toBe(25);
});

test('a closed loop without an end rests when what is on its way has been answered', async () => {
  const onTheWay: number[] = [];
  const { promise, resolve } = Promise.withResolvers<LoadResult>();
  const pace = closedLoop(Number.POSITIVE_INFINITY, { units: 3, send: (unit) => onTheWay.push(unit), done: resolve });
  pace.begin();
  for (let answers = 0; answers < 30; answers += 1) pace.answered(onTheWay.shift() ?? 0);
  pace.rest();
  for (const unit of onTheWay.splice(0)) pace.answered(unit);
  expect(onTheWay).toEqual([]);
  expect((await promise).answers).toBe(33);
});

test('an open loop sends what is due at its rate, and counts the wait of those that were due meanwhile', async () => {
  let waiting: number[] = [];
  const { promise, resolve } = Promise.withResolvers<LoadResult>();
  const pace = openLoop(
    { perSecond: 2_000, seconds: 0.1 },
    { units: 10, send: (unit) => waiting.push(unit), done: resolve },
  );
  const answer = setInterval(() => {
    const units = waiting;
    waiting = [];
    for (const unit of units) pace.answered(unit);
  }, 20);
  pace.begin();
  const { answers, latency } = await promise.finally(() => clearInterval(answer));
  expect(Math.abs(answers - 200)).toBeLessThanOrEqual(1);
  expect(new Histogram(latency).size).toBe(answers);
  expect(new Histogram(latency).quantileMs(1)).toBeGreaterThan(15);
});
