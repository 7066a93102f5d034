import { expect, test } from 'vitest';
import { usedRatio } from '../../src/core/used-ratio.ts';

test.for([
  ['used of total', { used: 1, available: 1, total: 4 }, 0.25],
  ['used of total, whatever a unit makes of it itself', { used: 1, total: 4, used_ratio: 0.9 }, 0.25],
  ['what is not available, where there is no used', { available: 1, total: 4 }, 0.75],
  ['what version 1 says', { used_ratio: 0.018 }, 0.018],
  ['what a unit says that has a total alone', { total: 4, used_ratio: 0.5 }, 0.5],
  ['no more than all', { used: 5, total: 4 }, 1],
  ['no less than nothing', { available: 5, total: 4 }, 0],
  ['neither where a unit says it itself', { used_ratio: 1.5 }, 1],
  ['none without a total', { used: 1 }, undefined],
  ['none of nothing', { used: 0, available: 0, total: 0 }, undefined],
  ['none of a total alone', { total: 4 }, undefined],
] as const)('%s', ([, values, ratio]) => {
  expect(usedRatio({ value: (name) => Object.entries(values).find(([key]) => key === name)?.[1] })).toBe(ratio);
});
