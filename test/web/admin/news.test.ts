import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../src/api/contract.ts';
import { isNews } from '../../../web/src/admin/news.ts';

const event = (name: string): LoggedEvent => ({ time: '2026-11-21T10:00:00.000Z', level: 'info', event: name });
const [bound, late, pending] = [event('machine-bound'), event('late'), event('machine-pending')];

test('only what came after the last that was seen is news', () => {
  expect(isNews([bound, late], bound, ['machine-'])).toBe(false);
  expect(isNews([bound, late, pending], late, ['machine-'])).toBe(true);
  expect(isNews([bound], undefined, ['machine-'])).toBe(true);
});

test('all events may be news where the last that was seen has gone', () => {
  expect(isNews([pending], bound, ['machine-'])).toBe(true);
});

test('an event of another kind is no news', () => {
  expect(isNews([late], undefined, ['machine-', 'join-token-used'])).toBe(false);
  expect(isNews([event('join-token-used')], undefined, ['machine-', 'join-token-used'])).toBe(true);
});

test('the same event twice is two events', () => {
  expect(isNews([bound, bound], undefined, ['machine-'])).toBe(true);
  expect(isNews([bound, late], late, ['machine-'])).toBe(false);
});
