import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TakenReading } from '../../src/core/reading.ts';
import { limits } from '../../src/core/limits.ts';
import { LatestReadings } from '../../src/server/latest-readings.ts';

function reading(sensor: string, id: string | undefined, time: number, celsius = time): TakenReading {
  return { sensor, id, time, epoch: '5f2c91e0', seq: 1, values: { celsius } };
}

test('of each series the newest is shown, by sensor, and what comes late replaces nothing newer', () => {
  const latest = new LatestReadings();
  for (const time of [2_000, 3_000, 1_000]) {
    latest.take(reading('cpu_temp', undefined, time));
    latest.take(reading('temp', 'a', time));
    latest.take(reading('temp', 'b', time));
  }
  const view = latest.view();
  expect(Object.keys(view)).toEqual(['cpu_temp', 'temp']);
  expect(Object.values(view).map((readings) => readings.map(({ celsius }) => celsius))).toEqual([
    [3_000],
    [3_000, 3_000],
  ]);
});

test('whatever comes in whichever order, it is what a map of series would hold', () => {
  const one = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(undefined, 'x', 'y', 'z'), fc.nat({ max: 5 }));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), (taken) => {
      const latest = new LatestReadings();
      const map = new Map<string, { readonly time: number; readonly index: number }>();
      for (const [index, [sensor, id, time]] of taken.entries()) {
        latest.take(reading(sensor, id, time, index));
        const key = JSON.stringify([sensor, id]);
        if ((map.get(key)?.time ?? 0) <= time) map.set(key, { time, index });
      }
      const shown = Object.values(latest.view()).flatMap((readings) => readings.map(({ celsius }) => celsius));
      expect(new Set(shown)).toEqual(new Set([...map.values()].map(({ index }) => index)));
      expect(shown).toHaveLength(map.size);
    }),
  );
});

test('a unit shows a bounded number of series', () => {
  const latest = new LatestReadings();
  for (let id = 0; id < limits.latestSeriesMax + 10; id += 1) latest.take(reading('temp', String(id), 1));
  expect(latest.view()['temp']).toHaveLength(limits.latestSeriesMax);
});

test('a sensor may be called like a member of every object', () => {
  const latest = new LatestReadings();
  latest.take(reading('constructor', undefined, 1));
  expect(Object.entries(latest.view())).toMatchObject([['constructor', [{ celsius: 1 }]]]);
});
