import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginningOfKey, keysOf } from '../../../src/app/ctl/top/top-keys.ts';

test.each([
  ['\u001B[A', 'up'],
  ['\u001BOB', 'down'],
  ['\u001B[5~', 'page-up'],
  ['\u001B[6~', 'page-down'],
  ['\u001B[H', 'home'],
  ['\u001BOH', 'home'],
  ['\u001BOF', 'end'],
  ['\u001B[4~', 'end'],
  ['\r', 'enter'],
  ['\u001B', 'escape'],
  ['\u007F', 'erase'],
  ['\u0003', 'interrupt'],
])('%j is the key %s', (typed, type) => {
  expect(keysOf(typed)).toEqual([{ type }]);
});

test('keys that come at once are told one by one', () => {
  expect(keysOf('\u001B[Bq/')).toEqual([
    { type: 'down' },
    { type: 'character', character: 'q' },
    { type: 'character', character: '/' },
  ]);
});

test('a sequence that means nothing here is no key, and types nothing', () => {
  expect(keysOf('\u001B[1;5C\u001B[200~\u0001\u009B')).toEqual([]);
});

test('a character beyond the basic plane is one key', () => {
  expect(keysOf('🌡')).toEqual([{ type: 'character', character: '🌡' }]);
});

test('whatever is typed, no key is a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      for (const key of keysOf(typed)) if (key.type === 'character') expect(key.character).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test.each([
  ['q\u001B', '\u001B'],
  ['\u001B[', '\u001B['],
  ['q\u001B[1;5', '\u001B[1;5'],
  ['\u001BO', '\u001BO'],
  ['\u001B[A', ''],
  ['\u001B[Aq', ''],
  ['\u001Bq', ''],
  ['', ''],
])('at the end of %j there is %j of a key that may not be all', (typed, beginning) => {
  expect(beginningOfKey(typed)).toBe(beginning);
});

test('wherever the keys are cut, the same ones are pressed', () => {
  const keys = ['\u001B[A', '\u001BOB', '\u001B[5~', 'q', '\r', '\u007F'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...keys)), fc.array(fc.nat(40)), (pressed, cuts) => {
      const characters = pressed.join('').split('');
      let begun = '';
      const seen = characters.flatMap((character, index) => {
        begun += character;
        if (index + 1 < characters.length && !cuts.includes(index)) return [];
        const rest = beginningOfKey(begun);
        const found = keysOf(begun.slice(0, begun.length - rest.length));
        begun = rest;
        return found;
      });
      expect(seen).toEqual(keysOf(pressed.join('')));
    }),
  );
});
