import { expect, test } from 'vitest';
import { Schedule } from '../../src/client/schedule.ts';
import { createManualClock } from '../manual-clock.ts';

function scheduled(intervalSeconds: number): {
  schedule: Schedule;
  rounds: number[];
  advance: (ms: number) => Promise<void>;
} {
  const clock = createManualClock();
  const rounds: number[] = [];
  const schedule = new Schedule({
    clock,
    intervalSeconds,
    round: async () => void rounds.push(clock.monotonicMs()),
  });
  const advance = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 100) {
      clock.advance(100);
      // A round is through a few turns after it is called for.
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    }
  };
  return { schedule, rounds, advance };
}

test('the first round is at once, the next one interval after the last', async () => {
  const { schedule, rounds, advance } = scheduled(1);
  schedule.start();
  await advance(3_000);
  expect(rounds).toEqual([0, 1_000, 2_000, 3_000]);
});

test('a change takes effect at once: the next round is due one new interval after the last', async () => {
  const { schedule, rounds, advance } = scheduled(10);
  schedule.start();
  await advance(4_000);
  schedule.setInterval(5);
  await advance(3_000);
  schedule.setInterval(0.5);
  await advance(1_000);
  expect(rounds).toEqual([0, 5_000, 7_000, 7_500, 8_000]);
});

test('a stopped schedule calls for no more rounds', async () => {
  const { schedule, rounds, advance } = scheduled(1);
  schedule.start();
  await advance(1_000);
  schedule.stop();
  await advance(5_000);
  expect(rounds).toEqual([0, 1_000]);
});
