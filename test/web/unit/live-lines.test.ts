import { describe, expect, it } from 'vitest';
import { latestReadings } from '../../../web/src/unit/latest.ts';
import { readingValues, withReadings } from '../../../web/src/unit/live-lines.ts';
import { lineAt } from './some-points.ts';

const reading = (seconds: number, celsius: number): Record<string, string | number> => ({
  seq: 9,
  time: seconds * 1_000,
  sensor: 'temp',
  id: 'a',
  epoch: '5f2c91e0',
  celsius,
});
const options = { stepMs: 10_000, fromMs: 0 };
const line = lineAt([], {
  points: [
    { timeMs: 0, stepMs: 10_000, min: 1, avg: 2, max: 3, count: 2 },
    { timeMs: 20_000, stepMs: 10_000, min: 4, avg: 4, max: 4, count: 1 },
  ],
});

describe('a new reading', () => {
  it('begins a step of its own', () => {
    const [changed] = withReadings([line], [reading(34, 8)], options);
    expect(changed?.points.at(-1)).toEqual({ timeMs: 30_000, stepMs: 10_000, min: 8, avg: 8, max: 8, count: 1 });
    expect(line.points).toHaveLength(2);
  });

  it('goes into the step that has begun', () => {
    const [changed] = withReadings([line], [reading(20, 7), reading(29.999, 1)], options);
    expect(changed?.points).toHaveLength(2);
    expect(changed?.points[1]).toEqual({ timeMs: 20_000, stepMs: 10_000, min: 1, avg: 4, max: 7, count: 3 });
  });

  it('that was held up goes where it was taken', () => {
    const [changed] = withReadings([line], [reading(15, 5), reading(5, 5)], options);
    expect(changed?.points.map(({ timeMs, avg, count }) => [timeMs, avg, count])).toEqual([
      [0, 3, 3],
      [10_000, 5, 1],
      [20_000, 4, 1],
    ]);
  });

  it('goes into a longer step where nothing finer is left of that time', () => {
    const coarse = lineAt([], { points: [{ timeMs: 0, stepMs: 60_000, min: 1, avg: 1, max: 1, count: 1 }] });
    expect(withReadings([coarse], [reading(55, 3)], options)[0]?.points).toMatchObject([
      { timeMs: 0, count: 2, avg: 2 },
    ]);
  });

  it('of a series that was not there begins a line, and of a disk the part in use', () => {
    const lines = withReadings(
      [line],
      [{ time: 1, sensor: 'disk', id: '/', used: 1, total: 4, available: 3 }],
      options,
    );
    expect(lines.map(({ key }) => key)).toEqual(['temp:celsius:a', 'disk:used_ratio:/']);
    expect(lines[0]).toBe(line);
    expect(lines[1]?.points).toMatchObject([{ timeMs: 0, avg: 0.25 }]);
  });

  it('lets go of points that have left the chart, and is not taken where it is older itself', () => {
    const [changed] = withReadings([line], [reading(34, 8), reading(3, 8)], { stepMs: 10_000, fromMs: 15_000 });
    expect(changed?.points.map(({ timeMs }) => timeMs)).toEqual([20_000, 30_000]);
  });
});

describe('the latest readings', () => {
  it('are the newest of each series, by sensor and id', () => {
    const known = { temp: [reading(10, 1)], ram: [{ time: 10_000, sensor: 'ram', used: 1 }] };
    const since = [reading(20, 2), reading(5, 3), { ...reading(20, 4), id: 'b' }];
    expect(latestReadings(known, since)).toEqual([known.ram[0], since[0], since[2]]);
  });

  it('have the values under their names, without the members of the wire', () => {
    expect(readingValues({ ...reading(1, 2), source: 'hwmon', load1: 0 })).toEqual({ celsius: 2, load1: 0 });
  });
});
