import { expect, test } from 'vitest';
import { Farewells } from '../../src/transport/farewells.ts';
import { createManualClock } from '../manual-clock.ts';
import { PlayedLink } from './played-link.ts';

const words = new TextEncoder().encode('words');

function setUp() {
  const clock = createManualClock();
  let timers = 0;
  const farewells = new Farewells({
    after: (delayMs, task) => {
      timers += 1;
      return clock.after(delayMs, () => {
        timers -= 1;
        task();
      });
    },
  });
  const say = (): PlayedLink => {
    const link = new PlayedLink();
    farewells.say(link, words);
    return link;
  };
  return { clock, farewells, say, timers: () => timers };
}

test('the words are written, then the link is half-closed and stays for the peer to read them', () => {
  const link = setUp().say();
  expect(link.written).toBe('words');
  expect(link.done).toEqual(['ended']);
});

test('whoever half-closes as well is let go at once', () => {
  const { farewells, say } = setUp();
  const link = say();
  link.events?.ended();
  expect(link.isDestroyed).toBe(true);
  expect(farewells.size).toBe(0);
});

test('whoever is gone is forgotten at once', () => {
  const { farewells, say } = setUp();
  say().events?.closed('reset');
  expect(farewells.size).toBe(0);
});

test('whoever stays is let go after a second at the latest, and half of one at the earliest', () => {
  const { clock, farewells, say } = setUp();
  const first = say();
  clock.advance(499);
  const second = say();
  clock.advance(500);
  expect([first.isDestroyed, second.isDestroyed]).toEqual([false, false]);
  clock.advance(1);
  expect([first.isDestroyed, second.isDestroyed]).toEqual([true, true]);
  expect(farewells.size).toBe(0);
});

test('one timer does for all of them, and none is left behind', () => {
  const { clock, say, timers } = setUp();
  for (let count = 0; count < 100; count += 1) say();
  expect(timers()).toBe(1);
  clock.advance(1_000);
  expect(timers()).toBe(0);
});

test('what the peer sends is discarded up to two frames, and more ends it', () => {
  const link = setUp().say();
  link.send('x'.repeat(512));
  expect(link.isDestroyed).toBe(false);
  link.send('x');
  expect(link.isDestroyed).toBe(true);
});

test('256 are under way at most; one more is closed without a word', () => {
  const { clock, farewells, say } = setUp();
  const told = Array.from({ length: 256 }, say);
  expect(told.every(({ written, isDestroyed }) => written === 'words' && !isDestroyed)).toBe(true);
  clock.advance(500);
  const late = say();
  expect(late.done).toEqual(['destroyed']);
  expect(late.written).toBe('');
  expect(farewells.size).toBe(256);
  told[0]?.events?.ended();
  expect(say().written).toBe('words');
});
