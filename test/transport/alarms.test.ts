import { expect, test } from 'vitest';
import { Alarms } from '../../src/transport/alarms.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

/** A clock that counts the timers that are set. */
function countingClock(): ManualClock & { readonly timers: () => number } {
  const clock = createManualClock();
  let timers = 0;
  return {
    ...clock,
    timers: () => timers,
    after(delayMs, task) {
      timers += 1;
      const cancel = clock.after(delayMs, () => {
        timers -= 1;
        task();
      });
      return () => {
        timers -= 1;
        cancel();
      };
    },
  };
}

function setUp(stepMs: number) {
  const clock = countingClock();
  const woken: string[] = [];
  const sleeper = (name: string) => ({ wake: () => void woken.push(`${name} ${clock.monotonicMs()}`) });
  return { clock, woken, sleeper, alarms: new Alarms(clock, stepMs) };
}

test('all that are due in one step are woken together at its end, by one timer', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  for (const [name, atMs] of [
    ['a', 101],
    ['b', 150],
    ['c', 151],
  ] as const)
    alarms.set(sleeper(name), atMs);
  expect(clock.timers()).toBe(2);
  clock.advance(149);
  expect(woken).toEqual([]);
  clock.advance(100);
  expect(woken).toEqual(['a 150', 'b 150', 'c 200']);
});

test('nobody is woken before the time', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  alarms.set(sleeper('a'), 100);
  clock.advance(99);
  expect(woken).toEqual([]);
  clock.advance(1);
  expect(woken).toEqual(['a 100']);
});

test('who is cancelled sleeps on, and the last one takes the timer along', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  const [a, b] = [sleeper('a'), sleeper('b')];
  const step = alarms.set(a, 100);
  alarms.set(b, 90);
  alarms.cancel(a, step);
  expect(clock.timers()).toBe(1);
  alarms.cancel(b, step);
  alarms.cancel(b, step);
  expect(clock.timers()).toBe(0);
  clock.advance(1_000);
  expect(woken).toEqual([]);
});

test('who is cancelled by one that is woken with it sleeps on', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  const b = sleeper('b');
  let step = 0;
  alarms.set({ wake: () => alarms.cancel(b, step) }, 100);
  step = alarms.set(b, 100);
  clock.advance(100);
  expect(woken).toEqual([]);
});

test('what is past wakes at once, and whoever is woken may be set again', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  clock.advance(1_000);
  const late = sleeper('late');
  let times = 0;
  const again = {
    wake: () => {
      times += 1;
      if (times < 3) alarms.set(again, clock.monotonicMs());
    },
  };
  alarms.set(late, 10);
  alarms.set(again, 1_000);
  clock.advance(0);
  expect(woken).toEqual(['late 1000']);
  expect(times).toBe(3);
});

test('of many that are due at once 32 are woken in a turn, and who is cancelled meanwhile sleeps on', () => {
  const { clock, woken, sleeper, alarms } = setUp(50);
  const all = Array.from({ length: 80 }, (_, index) => sleeper(String(index)));
  let step = 0;
  for (const one of all) step = alarms.set(one, 100);
  clock.advance(100);
  expect(woken).toHaveLength(32);
  const last = all.at(-1);
  if (last !== undefined) alarms.cancel(last, step);
  clock.advance(1);
  expect(woken).toHaveLength(64);
  clock.advance(1);
  expect(woken).toHaveLength(79);
  expect(woken.at(-1)).toBe('78 102');
  expect(clock.timers()).toBe(0);
});
