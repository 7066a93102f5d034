import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { SeriesWatch } from '../../src/server/series-watch.ts';
import { KeptGaps } from './kept-gaps.ts';

interface Watched {
  readonly kept: KeptGaps;
  readonly watch: SeriesWatch;
  readonly told: () => string[];
  readonly rounds: number[];
  readonly changes: () => number;
  interval: (seconds: number) => void;
  /** A round of these series, `sensor` or `sensor/id`, taken at that second. */
  round: (at: number, ...names: string[]) => void;
}

function watched(kept = new KeptGaps()): Watched {
  let intervalMs = 10_000;
  let changes = 0;
  const rounds: number[] = [];
  const watch = new SeriesWatch({
    clientId: 'u',
    keeper: kept,
    intervalMs: () => intervalMs,
    round: (timeMs) => void rounds.push(timeMs / 1000),
    seriesChanged: () => {
      changes += 1;
    },
  });
  const round = (at: number, ...names: string[]): void => {
    for (const name of names) watch.live(reading(at, name));
  };
  const interval = (seconds: number): void => {
    intervalMs = seconds * 1000;
  };
  return { kept, watch, told: () => kept.told, rounds, changes: () => changes, interval, round };
}

function reading(at: number, name: string) {
  const [sensor = '', id] = name.split('/');
  return { time: at * 1000, sensor, ...(id !== undefined && { id }), epoch: 'e', seq: 1, values: {} };
}

function every(seconds: number, from: number, to: number, task: (at: number) => void): void {
  for (let at = from; at <= to; at += seconds) task(at);
}

test('a sensor that is no longer in the rounds is gone from its last reading, until it is back', () => {
  const { round, told } = watched();
  every(10, 0, 100, (at) => round(at, 'cpu', 'disk/a', 'disk/b', 'ram'));
  every(10, 110, 200, (at) => round(at, 'cpu', 'disk/a', 'ram'));
  expect(told()).toEqual(['sensor-gone disk b 100-']);
  every(10, 210, 300, (at) => round(at, 'cpu', 'disk/a', 'disk/b', 'ram'));
  expect(told()).toEqual(['sensor-gone disk b 100-210']);
});

test('two rounds without a sensor are no gap', () => {
  const { round, told } = watched();
  every(10, 0, 300, (at) => round(at, ...(at % 30 === 0 ? ['cpu', 'disk'] : ['cpu'])));
  expect(told()).toEqual([]);
});

test('a sensor that comes less often than the rounds is gone after three of its own pauses', () => {
  const { round, told } = watched();
  every(10, 0, 1_800, (at) => round(at, ...(at % 300 === 0 ? ['cpu', 'disk'] : ['cpu'])));
  expect(told()).toEqual([]);
  every(10, 1_810, 2_700, (at) => round(at, 'cpu'));
  expect(told()).toEqual([]);
  every(10, 2_710, 2_800, (at) => round(at, 'cpu'));
  expect(told()).toEqual(['sensor-gone disk 1800-']);
});

test('what was seen once or twice is no series, and what the client says of itself never is', () => {
  const { round, told, watch } = watched();
  every(10, 0, 500, (at) => round(at, 'cpu', ...(at < 20 ? ['usb'] : []), ...(at < 100 ? ['agent'] : [])));
  expect(told()).toEqual([]);
  expect(watch.series).toEqual([['cpu', null, 10_000]]);
});

test('an interval that changes makes no sensor gone, slow ones included', () => {
  const { round, told, interval } = watched();
  const names = (at: number): string[] => (at % 300 === 0 ? ['cpu', 'ram', 'slow'] : ['cpu', 'ram']);
  every(10, 0, 1_200, (at) => round(at, ...names(at)));
  interval(60);
  every(60, 1_260, 3_000, (at) => round(at, ...names(at)));
  interval(1);
  every(1, 3_001, 4_200, (at) => round(at, ...names(at)));
  expect(told()).toEqual([]);
  every(1, 4_201, 4_230, (at) => round(at, 'cpu'));
  expect(told()).toEqual(['sensor-gone ram 4200-']);
});

test('a unit whose pace the server does not know has no sensor gone for that', () => {
  const { round, told } = watched();
  every(60, 0, 1_200, (at) => round(at, 'cpu', 'disk', 'ram'));
  expect(told()).toEqual([]);
});

test('readings of a round that have each a time of their own are no absences', () => {
  const { round, told } = watched();
  every(10, 0, 600, (at) => ['a', 'b', 'c', 'd'].forEach((name, index) => round(at + index * 0.01, name)));
  expect(told()).toEqual([]);
  every(10, 610, 700, (at) => ['a', 'b', 'd'].forEach((name, index) => round(at + index * 0.01, name)));
  expect(told()).toEqual(['sensor-gone c 600.02-']);
});

test('a pause of the unit, or a clock that is set, makes no sensor gone that comes again', () => {
  const { round, told } = watched();
  const all = ['cpu', 'disk', 'ram'];
  every(10, 0, 100, (at) => round(at, ...all));
  every(10, 5_000, 5_100, (at) => round(at, ...all));
  every(10, 1_000_000, 1_000_100, (at) => round(at, ...all));
  every(10, 200, 300, (at) => round(at, ...all));
  expect(told()).toEqual([]);
  every(10, 310, 400, (at) => round(at, 'cpu', 'ram'));
  expect(told()).toEqual(['sensor-gone disk 300-']);
});

test('a sensor that vanished while the unit was cut off is gone from its last reading in the backlog', () => {
  const { round, told, watch } = watched();
  every(10, 0, 100, (at) => round(at, 'cpu', 'disk'));
  every(10, 1_000, 1_100, (at) => round(at, 'cpu'));
  expect(told()).toEqual(['sensor-gone disk 100-']);
  every(10, 110, 400, (at) => watch.late(reading(at, 'disk')));
  every(10, 410, 990, (at) => watch.late(reading(at, 'cpu')));
  expect(told()).toEqual(['sensor-gone disk 400-']);
});

test('each round is told once, and the series once they are known', () => {
  const { round, rounds, changes } = watched();
  every(10, 10, 50, (at) => round(at, 'cpu', 'disk', 'ram'));
  expect(rounds).toEqual([10, 20, 30, 40, 50]);
  expect(changes()).toBe(1);
});

test('the next server knows the series, and notices one that vanished while there was none', () => {
  const first = watched();
  every(10, 0, 100, (at) => first.round(at, 'cpu', 'disk/a', ...(at % 50 === 0 ? ['slow'] : [])));
  const next = watched();
  next.watch.restore(first.watch.series, [], 100_000);
  expect(next.watch.series).toEqual(first.watch.series);
  every(10, 600, 700, (at) => next.round(at, 'cpu'));
  expect(next.told()).toEqual(['sensor-gone disk a 100-']);
  every(10, 710, 800, (at) => next.round(at, 'cpu'));
  expect(next.told()).toEqual(['sensor-gone disk a 100-', 'sensor-gone slow 100-']);

  const third = watched(next.kept);
  third.watch.restore(next.watch.series, [...next.kept.byNumber.values()], 800_000);
  every(10, 810, 900, (at) => third.round(at, 'cpu'));
  third.round(910, 'cpu', 'disk/a');
  expect(third.told()).toEqual(['sensor-gone disk a 100-910', 'sensor-gone slow 100-']);
});

test('so many series are watched, and the rest does no harm', () => {
  const { round, watch, told } = watched();
  const names = Array.from({ length: limits.watchedSeriesMax + 10 }, (_, index) => `disk/${index}`);
  every(10, 0, 100, (at) => round(at, ...names));
  every(10, 110, 200, (at) => round(at, ...names.toReversed()));
  expect(watch.series).toHaveLength(limits.watchedSeriesMax);
  expect(told()).toEqual([]);
});
