import { expect, test } from 'vitest';
import { sparkPath } from '../../../web/src/server/spark-path.ts';

const frame = { fromMs: 0, toMs: 100, width: 100, height: 10, top: 50 };

test('stretches that join are one line, with zero at the bottom and the top at the top', () => {
  const stretches = [
    { fromMs: 0, toMs: 10, value: 0 },
    { fromMs: 10, toMs: 20, value: 50 },
  ];
  expect(sparkPath(stretches, frame)).toBe('M0.0 10.0L10.0 10.0L20.0 0.0');
});

test('stretches that do not join leave a hole', () => {
  const stretches = [
    { fromMs: 0, toMs: 10, value: 25 },
    { fromMs: 50, toMs: 60, value: 25 },
  ];
  expect(sparkPath(stretches, frame)).toBe('M0.0 5.0L10.0 5.0M50.0 5.0L60.0 5.0');
});

test('nothing, and nothing but zeros, can be drawn', () => {
  expect(sparkPath([], frame)).toBe('');
  expect(sparkPath([{ fromMs: 0, toMs: 10, value: 0 }], { ...frame, top: 0 })).toBe('M0.0 10.0L10.0 10.0');
});
