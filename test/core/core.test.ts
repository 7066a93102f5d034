import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assert, unreachable } from '../../src/core/assert.ts';
import { backoffMs } from '../../src/core/backoff.ts';
import { listenError } from '../../src/core/listen-error.ts';
import { reasonOf, systemErrorCode } from '../../src/core/system-error.ts';

test('a backoff doubles to its bound, and jitters over all of it', () => {
  const options = { firstMs: 500, maxMs: 30_000 };
  const longest = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, { ...options, random: () => 1 }));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(backoffMs(5, { ...options, random: () => 0 })).toBe(0);
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const delayMs = backoffMs(attempt, { ...options, random: () => random });
      expect(delayMs >= 0 && delayMs <= 30_000).toBe(true);
    }),
  );
});

test('a broken invariant throws and says which', () => {
  expect(() => {
    assert(false, 'two and two are four');
  }).toThrow('two and two are four');
  expect(() => unreachable('never' as never)).toThrow('never');
});

test.each([
  ['EADDRINUSE', 'port-in-use', 1],
  ['EACCES', 'port-not-allowed', 1],
  ['EADDRNOTAVAIL', 'address-unknown', 2],
  ['EMFILE', 'listen-failed', 1],
])('%s while listening becomes %s, with the flag in front', (code, expected, exitCode) => {
  const error = listenError('--http 127.0.0.1:8080', Object.assign(new Error('no'), { code }));
  expect(error).toMatchObject({ code: expected, exitCode });
  expect(error.message).toMatch(/^--http 127\.0\.0\.1:8080: /);
});

test('the reason of an error is its message, or its code, or the first of several', () => {
  expect(reasonOf(new Error('why'))).toBe('why');
  expect(reasonOf(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
  expect(reasonOf(new AggregateError([new Error('first'), new Error('second')], 'all'))).toBe('first');
  expect(reasonOf('text')).toBe('text');
  expect(systemErrorCode({ code: 'ENOENT' })).toBeUndefined();
});
