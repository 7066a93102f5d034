import { expect, test } from 'vitest';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import { wordsOf } from '../../../web/src/admin/problem-words.ts';

test('what the server says is told as it is, as a sentence', () => {
  expect(wordsOf(new HubProblem('x', { status: 409, detail: 'There are 1,000 accounts; remove one first.' }))).toBe(
    'There are 1,000 accounts; remove one first.',
  );
  expect(wordsOf(new HubProblem('x', { status: 422, detail: 'it waits' }))).toBe('It waits.');
});

test('how long to wait is told where the server says so', () => {
  const tooMany = new HubProblem('too-many-attempts', { status: 429, detail: 'Too many.', retryAfterSeconds: 30 });
  expect(wordsOf(tooMany)).toBe('Too many. Try again in 30 s.');
});

test('a server that nobody reaches, and one that does not answer in time, are told apart', () => {
  expect(wordsOf(new TypeError('Failed to fetch'))).toMatch(/^The server does not answer\./);
  expect(wordsOf(new DOMException('x', 'TimeoutError'))).toMatch(/^The server has not answered in time\./);
});

test('whatever else is thrown has words', () => {
  expect(wordsOf(new Error('strange'))).toBe('Strange.');
  expect(wordsOf('odd')).toBe('Odd.');
});
