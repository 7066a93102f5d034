import { expect, it } from 'vitest';
import { parseStep } from '../../../src/http/step-length.ts';
import { stepFor, stepSeconds } from '../../../web/src/unit/step-choice.ts';
import { lengthMsMax, lengthMsMin, presets } from '../../../web/src/unit/view-range.ts';

it('gives each range with a button about a point for every second pixel', () => {
  for (const widthPx of [300, 640, 1_200, 2_400, 3_800]) {
    for (const { lengthMs } of presets) {
      const points = lengthMs / 1_000 / stepFor({ lengthMs, widthPx });
      expect(points / (widthPx / 2)).toBeGreaterThan(1 / 3);
      expect(points / (widthPx / 2)).toBeLessThan(3);
    }
  }
});

it('has steps that people think in', () => {
  expect(stepFor({ lengthMs: 3_600_000, widthPx: 1_200 })).toBe(5);
  expect(stepFor({ lengthMs: 86_400_000, widthPx: 1_200 })).toBe(120);
  expect(stepFor({ lengthMs: 1_450_000, widthPx: 2_000 })).toBe(2);
  expect(stepFor({ lengthMs: 1_400_000, widthPx: 2_000 })).toBe(1);
  expect(stepFor({ lengthMs: 365 * 86_400_000, widthPx: 1_200 })).toBe(43_200);
});

it('is a second at the least, a week at the most, and always one that the server takes', () => {
  expect(stepFor({ lengthMs: lengthMsMin, widthPx: 4_000 })).toBe(1);
  expect(stepFor({ lengthMs: lengthMsMax, widthPx: 1 })).toBe(604_800);
  for (const step of stepSeconds) expect(parseStep(`${step}s`)).toEqual({ ok: true, ms: step * 1_000 });
});
