import { expect, test } from 'vitest';
import type { Fields } from '../../src/core/log.ts';
import { createRepeats } from '../../src/sinks/repeats.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp(options: { readonly keysMax?: number } = {}) {
  const clock = createManualClock();
  const logged: { readonly event: string; readonly fields: Fields }[] = [];
  const repeats = createRepeats({
    log: (_level, event, fields = {}) => void logged.push({ event, fields }),
    clock,
    ...options,
  });
  return { clock, logged, repeats };
}

test('the first of its kind is logged at once, those after it are counted and said once a minute with the newest fields', () => {
  const { clock, logged, repeats } = setUp();
  for (const size of [1, 2, 3]) repeats.log('warn', 'bad-frame', '192.0.2.7', { size });
  expect(logged).toEqual([{ event: 'bad-frame', fields: { size: 1 } }]);
  clock.advance(59_999);
  expect(logged).toHaveLength(1);
  clock.advance(1);
  expect(logged[1]).toEqual({ event: 'bad-frame', fields: { size: 3, repeated: 2 } });
  repeats.log('warn', 'bad-frame', '192.0.2.7', { size: 4 });
  expect(logged).toHaveLength(2);
  clock.advance(60_000);
  expect(logged[2]).toEqual({ event: 'bad-frame', fields: { size: 4, repeated: 1 } });
});

test('after a minute of silence the next one is logged at once again', () => {
  const { clock, logged, repeats } = setUp();
  repeats.log('warn', 'bad-frame', 'a');
  clock.advance(60_000);
  repeats.log('warn', 'bad-frame', 'a');
  expect(logged).toEqual([
    { event: 'bad-frame', fields: {} },
    { event: 'bad-frame', fields: {} },
  ]);
});

test('other keys and other events are counted apart', () => {
  const { logged, repeats } = setUp();
  repeats.log('warn', 'bad-frame', 'a');
  repeats.log('warn', 'bad-frame', 'b');
  repeats.log('warn', 'bad-reading', 'a');
  expect(logged).toHaveLength(3);
});

test('above the number of keys that are told apart, an event shares one line', () => {
  const { clock, logged, repeats } = setUp({ keysMax: 2 });
  for (let key = 0; key < 100; key += 1) repeats.log('warn', 'bad-frame', String(key));
  expect(logged).toHaveLength(3);
  clock.advance(60_000);
  expect(logged.slice(3)).toEqual([{ event: 'bad-frame', fields: { repeated: 97 } }]);
});

test('closing says what was only counted, and nothing is said after it', () => {
  const { clock, logged, repeats } = setUp();
  repeats.log('warn', 'bad-frame', 'a');
  repeats.log('warn', 'bad-frame', 'a');
  repeats.close();
  expect(logged[1]).toEqual({ event: 'bad-frame', fields: { repeated: 1 } });
  clock.advance(120_000);
  expect(logged).toHaveLength(2);
});
