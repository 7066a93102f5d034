import { expect, test } from 'vitest';
import type { AuditLine } from '../../../src/api/contract.ts';
import { auditText, detailsOf } from '../../../web/src/admin/audit-text.ts';
import { matches } from '../../../web/src/admin/filter.ts';
import { passwordFault, twiceFaults } from '../../../web/src/admin/password-check.ts';

test('a row is found by all words of the filter, whatever their order, capitals and place', () => {
  const texts = ['bench-03', 'approved', '192.0.2.7'];
  expect(matches('', texts)).toBe(true);
  expect(matches('  ', texts)).toBe(true);
  expect(matches('APPR bench', texts)).toBe(true);
  expect(matches('bench revoked', texts)).toBe(false);
});

test('a word is not found across two texts', () => {
  expect(matches('03approved', ['bench-03', 'approved'])).toBe(false);
});

const line: AuditLine = {
  number: 12,
  time: '2026-11-21T10:00:00.000Z',
  who: 'ada',
  from: '192.0.2.9',
  action: 'interval-set',
  target: 'bench-03',
  details: { seconds: 5, reason: null, forced: false },
  hash: 'aGFzaA',
};

test('the details of an audit line are names and values, nothing left out', () => {
  expect(detailsOf(line)).toEqual([
    ['seconds', '5'],
    ['reason', 'none'],
    ['forced', 'false'],
  ]);
});

test('an audit line is found by its number and by each thing that it shows', () => {
  for (const word of ['12', 'ada', '192.0.2.9', 'interval-set', 'bench-03', 'seconds', '2026-11-21']) {
    expect(matches(word, auditText(line)), word).toBe(true);
  }
});

test('a password has at least 12 characters, counted as people count', () => {
  expect(passwordFault('eleven-char')).toMatch(/has 11 characters; at least 12/);
  expect(passwordFault('twelve-chars')).toBeUndefined();
  expect(passwordFault('🔑'.repeat(6))).toMatch(/has 6 characters/);
});

test('a password that is typed twice is wrong in one place at a time', () => {
  expect(twiceFaults('short', 'other')).toEqual({ password: expect.stringMatching(/5 characters/) });
  expect(twiceFaults('correct horse', 'correct house')).toEqual({ again: expect.any(String) });
  expect(twiceFaults('correct horse', 'correct horse')).toEqual({});
});
