import { expect, test } from 'vitest';
import { refusalIn } from '../../src/client/refusal.ts';

test.each([
  ['not-allowed: the key is revoked', { code: 'not-allowed', words: 'the key is revoked' }],
  ['pending: an operator has to approve: a: b', { code: 'pending', words: 'an operator has to approve: a: b' }],
  ['pending: two\nlines', { code: 'pending', words: 'two\nlines' }],
  ['pending: ', { code: 'pending', words: '' }],
  ['too-many: connections', undefined],
  ['the server said pending: x', undefined],
  ['no answer to !RGTR within 15 s', undefined],
])('the reason %j is the refusal %j', (reason, refusal) => {
  expect(refusalIn(reason)).toEqual(refusal);
});
