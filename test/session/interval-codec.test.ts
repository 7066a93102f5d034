import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatUpdate,
  isInterval,
  parseConfirmation,
  parseUpdate,
  parseV1Update,
  textToSign,
} from '../../src/session/interval-update.ts';
import { hostileText } from './hostile-text.ts';

const milliseconds = fc.integer({ min: 100, max: 86_400_000 });

describe('an interval', () => {
  test('is any number of milliseconds from 100 to 86,400,000, and comes back from its update as it was', () => {
    fc.assert(
      fc.property(milliseconds, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (ms, rev) => {
        const seconds = ms / 1000;
        expect(isInterval(seconds)).toBe(true);
        const data = formatUpdate(seconds, rev, 't'.repeat(22));
        expect(data.length).toBeLessThanOrEqual(235);
        expect(parseUpdate(data, 'unit')).toEqual({
          seconds,
          rev,
          tag: 't'.repeat(22),
          signedText: textToSign('unit', rev, seconds),
        });
      }),
    );
  });

  test.each([
    0,
    -1,
    0.099,
    0.0999999,
    86_400.001,
    86_401,
    0.1001,
    1.0005,
    0.1000000005,
    Number.NaN,
    Infinity,
    -Infinity,
  ])('is not %d', (seconds) => {
    expect(isInterval(seconds)).toBe(false);
  });

  test.each([0.1, 0.101, 1.001, 0.3, 1.1, 4.35, 86_399.999, 86_400])('is %d', (seconds) => {
    expect(isInterval(seconds)).toBe(true);
  });
});

describe('an update', () => {
  test('is signed over its characters, with line feeds between and none after', () => {
    expect(parseUpdate('{"interval":0.5,"rev":8,"tag":"t"}', 'unit')?.signedText).toBe('unit\n8\n0.5');
  });

  test('of a v2 or v1 server never throws when it is parsed, and has an interval where it has anything', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const update = parseUpdate(text, 'unit');
        if (update !== undefined) expect(isInterval(update.seconds)).toBe(true);
        const seconds = parseV1Update(text);
        if (seconds !== undefined) expect(Number.isInteger(seconds) && isInterval(seconds)).toBe(true);
        parseConfirmation(text);
      }),
    );
  });
});

describe('a confirmation', () => {
  test.each([
    [': RECEIVED', undefined],
    [': RECEIVED 8', 8],
    [': RECEIVED 0', 0],
    [': RECEIVED 9007199254740991', 9_007_199_254_740_991],
    ['', null],
    [': RECEIVED ', null],
    [': RECEIVED\n', null],
    [': RECEIVED 8 ', null],
    [': RECEIVED  8', null],
    [': RECEIVED -8', null],
    [': RECEIVED 8.5', null],
    [': RECEIVED 12345678901234567', null],
    ['x: RECEIVED', null],
  ])('in %j is of %s', (data, rev) => {
    expect(parseConfirmation(data)).toBe(rev);
  });
});
