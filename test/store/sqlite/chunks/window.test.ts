import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { WindowFinder } from '../../../../src/store/sqlite/chunks/window.ts';

const readingsMax = 1_000_000;

/** Looks for a window among sealed segments of these readings each, with one behind them that is being written, where so many series are known. */
function windowOf(readings: readonly number[], series: number, waitedMs = 0): readonly number[] | undefined {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => {
    database.close();
  });
  database.exec('CREATE TABLE held (segment INTEGER, readings INTEGER)');
  for (const [index, count] of [...readings, 0].entries())
    database.prepare('INSERT INTO held VALUES (?, ?)').run(index + 1, count);
  const last = readings.length + 1;
  const finder = new WindowFinder(
    {
      segments: database.prepare(
        `SELECT segment, segment AS first_block, segment < ${last} AS sealed FROM held ORDER BY segment`,
      ),
      lastBlock: database.prepare(`SELECT ${last} AS block`),
      held: database.prepare('SELECT readings, 0 AS oldest_ms, 0 AS newest_ms FROM held WHERE segment BETWEEN ? AND ?'),
      lastSeries: database.prepare(`SELECT ${series} AS series`),
    },
    readingsMax,
  );
  return finder.find(0, waitedMs, false)?.segments.map(({ segment }) => segment);
}

test('of few series some segments are moved as soon as they are as many as one has', () => {
  expect(windowOf([40_000], 3)).toBeUndefined();
  expect(windowOf([40_000, 40_000, 40_000], 3)).toEqual([1, 2]);
});

test('of many, those of which each series has enough', () => {
  expect(windowOf([65_536, 65_536, 65_536], 500)).toBeUndefined();
  expect(windowOf([65_536, 65_536, 65_536, 65_536, 65_536], 500)).toEqual([1, 2, 3, 4]);
  expect(windowOf([600_000, 600_000], 100_000)).toEqual([1, 2]);
});

test('before the first move, when nobody knows how many there are, as many as ever, or what has waited for an hour', () => {
  expect(windowOf([65_536, 65_536], 0)).toBeUndefined();
  expect(windowOf([600_000, 600_000, 600_000], 0)).toEqual([1, 2]);
  expect(windowOf([65_536, 65_536], 0, 3_600_000)).toEqual([1, 2]);
});
