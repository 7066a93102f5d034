import { expect, test } from 'vitest';
import { median, missed, ratios, tableOf, type Figure } from '../../bench/figure.ts';

const figure: Figure = { name: 'server: something', unit: 'ms', runs: [9, 1, 5], limit: 4, aim: 2 };

test('the median of an even number of runs lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a ratio is that of the same run, not of the medians', () => {
  expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
});

test('a median above its limit is told, and one between its aim and its limit is told as such', () => {
  expect(missed([figure])).toEqual(['OVER ITS LIMIT: server: something, 5 ms']);
  expect(missed([{ ...figure, limit: 5 }])).toEqual(['short of its aim: server: something, 5 ms']);
  expect(missed([{ ...figure, limit: 6, aim: 5 }])).toEqual([]);
});

test('the table has limit and aim beside the median', () => {
  const [, , row] = tableOf([figure]).split('\n');
  expect(row?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'server: something',
    'ms',
    '1',
    '5',
    '9',
    '4',
    '2',
    '3',
    '',
  ]);
});
