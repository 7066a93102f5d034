import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breaksOf } from '../../../web/src/unit/breaks.ts';
import { columnsALine, columnsOf } from '../../../web/src/unit/columns.ts';
import { concerns, gapSpans } from '../../../web/src/unit/gap-span.ts';
import { gapAtSeconds, lineAt, pointsAt } from './some-points.ts';

const brokenAfter = (
  seconds: readonly number[],
  gaps: Parameters<typeof breaksOf>[1] = [],
  step = 1,
): readonly number[] =>
  breaksOf(pointsAt(seconds, step), gaps).flatMap((broken, index) => (broken ? [seconds[index] ?? -1] : []));

describe('a line', () => {
  it('does not break where a unit is slower than the steps', () => {
    expect(brokenAfter([0, 10, 20, 30, 40])).toEqual([]);
  });

  it('breaks where more is missing than 2.5 of the steps around it', () => {
    expect(brokenAfter([0, 10, 20, 46, 56, 66])).toEqual([20]);
    expect(brokenAfter([0, 10, 20, 45, 55, 65])).toEqual([]);
  });

  it('does not break where the interval has become longer', () => {
    expect(brokenAfter([0, 10, 20, 80, 140, 200])).toEqual([]);
  });

  it('breaks at a gap that the server knows, however short, once a step is missing', () => {
    expect(brokenAfter([0, 10, 20, 30], [gapAtSeconds(10.3, 20.4)])).toEqual([10]);
    expect(brokenAfter([0, 1, 2, 3], [gapAtSeconds(1.2, 2.4)])).toEqual([]);
  });

  it('goes on beside a gap, though its ends lie within the steps of the readings around it', () => {
    expect(brokenAfter([2, 12, 612, 622], [gapAtSeconds(12.345, 612.7)])).toEqual([12]);
  });

  it('goes on where the gap was filled', () => {
    expect(brokenAfter([0, 10, 20], [gapAtSeconds(0, 20, { reason: 'link-down' })])).toEqual([]);
  });

  it('breaks at a gap that lasts', () => {
    expect(brokenAfter([0, 10, 20], [gapAtSeconds(10, Number.POSITIVE_INFINITY)])).toEqual([10]);
  });

  it('of two points alone breaks only at a gap', () => {
    expect(brokenAfter([0, 1_000])).toEqual([]);
    expect(brokenAfter([0, 1_000], [gapAtSeconds(1, 999)])).toEqual([0]);
  });
});

describe('columns', () => {
  it('are the times, and of each line the greatest, the least and the mean', () => {
    const [times, ...rest] = columnsOf([lineAt([1, 2])], []);
    expect(times).toEqual([1_000, 2_000]);
    expect(rest).toEqual([
      [2, 3],
      [0, 1],
      [1, 2],
    ]);
  });

  it('leave out what another line has, and say null only in gaps', () => {
    const columns = columnsOf(
      [lineAt([0, 10, 20, 60, 70, 80]), lineAt([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70])],
      [],
    );
    const [times] = columns;
    const mean = columns[columnsALine];
    const at = (second: number): unknown => mean?.[times.indexOf(second * 1_000)];
    expect(at(5)).toBeUndefined();
    expect(at(10)).toBe(10);
    for (const second of [25, 30, 40, 55]) expect(at(second)).toBeNull();
    expect(at(65)).toBeUndefined();
  });

  it('have a time in each gap, where the line is cut', () => {
    const [times, , , mean] = columnsOf([lineAt([0, 10, 20, 100, 110, 120])], []);
    expect(times).toEqual([0, 10_000, 20_000, 21_000, 100_000, 110_000, 120_000]);
    expect(mean?.[3]).toBeNull();
  });

  it('have nothing before the first point of a line and after its last', () => {
    const columns = columnsOf([lineAt([10, 20]), lineAt([0, 10, 20, 30])], []);
    expect(columns[3]).toEqual([null, 10, 20, null]);
  });

  it('break only those lines that a gap concerns', () => {
    const [one, other] = [lineAt([0, 10, 20]), lineAt([0, 10, 20], { id: 'b' })];
    const columns = columnsOf([one, other], [gapAtSeconds(10, 20, { reason: 'sensor-gone', sensor: 'temp', id: 'b' })]);
    expect(columns[3]).toEqual([0, 10, undefined, 20]);
    expect(columns[6]).toEqual([0, 10, null, 20]);
  });

  it('keep every point of every line at its time, whatever the lines are', () => {
    const seconds = fc.uniqueArray(fc.nat(500), { maxLength: 40 }).map((found) => found.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 4 }), (lines) => {
        const columns = columnsOf(
          lines.map((found) => lineAt(found)),
          [],
        );
        const [times] = columns;
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
        for (const [index, found] of lines.entries()) {
          const mean = columns[(index + 1) * columnsALine] ?? [];
          expect(mean).toHaveLength(times.length);
          expect(times.filter((_, at) => typeof mean[at] === 'number')).toEqual(found.map((second) => second * 1_000));
        }
      }),
    );
  });
});

describe('gaps', () => {
  it('are without end while they last', () => {
    const [gap] = gapSpans([{ reason: 'lost', from: '2026-11-21T10:00:00.500Z', to: null }]);
    expect(gap).toMatchObject({ fromMs: Date.UTC(2026, 10, 21, 10, 0, 0, 500), toMs: Number.POSITIVE_INFINITY });
  });

  it('concern all series, those of a sensor, or one', () => {
    const all = gapAtSeconds(0, 1);
    const sensor = { ...all, sensor: 'disk' };
    const one = { ...sensor, id: '/' };
    expect([all, sensor, one].map((gap) => concerns(gap, { sensor: 'disk', id: '/' }))).toEqual([true, true, true]);
    expect([all, sensor, one].map((gap) => concerns(gap, { sensor: 'disk', id: '/var' }))).toEqual([true, true, false]);
    expect([all, sensor, one].map((gap) => concerns(gap, { sensor: 'ram', id: undefined }))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
