import { expect, test } from 'vitest';
import { sharedSeries } from '../../src/server/shared-series.ts';

test('series of one name are one object, and of another name another', () => {
  const names = [
    { sensor: 'disk', id: undefined },
    { sensor: 'disk', id: '' },
    { sensor: 'disk', id: 'a' },
    { sensor: 'diska', id: undefined },
  ];
  const shared = names.map(sharedSeries);
  expect(shared).toEqual(names);
  expect(new Set([...shared, ...names.map(({ sensor, id }) => sharedSeries({ sensor, id }))]).size).toBe(names.length);
});

test('of what a reading has, nothing but its name is kept', () => {
  const reading = { sensor: 'ram', id: undefined, values: { bytes: 1 } };
  expect(Object.keys(sharedSeries(reading))).toEqual(['sensor', 'id']);
});

test('it stays right when there have been more of them than are kept', () => {
  for (let number = 0; number < 3_000; number += 1) {
    const name = { sensor: 'disk', id: String(number) };
    expect(sharedSeries(name)).toEqual(name);
  }
});
