import { assert, array, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plot, type PlotOptions, type PlotStep } from '../../src/app/ctl/plot.ts';

const options: PlotOptions = {
  fromMs: 0,
  toMs: 8_000,
  stepMs: 1_000,
  columns: 13,
  rows: 2,
  blocks: true,
  show: String,
  ends: ['0', '8'],
};

/** One second. */
function step(second: number, avg: number, members: Partial<PlotStep> = {}): PlotStep {
  return { timeMs: second * 1000, stepMs: 1_000, min: avg, avg, max: avg, count: 1, ...members };
}

const drawn = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const rising = [0, 1, 2, 3, 4, 5, 6, 15].map((avg, second) => step(second, avg));

describe('a plot', () => {
  test('has a bar for each step, from the smallest value to the largest, and the two beside it', () => {
    expect(plot(rising, options)).toBe(drawn('15 ┤       █', ' 0 ┤▁▂▃▄▅▆▇█', '    0      8'));
  });

  test('is of plain characters where the terminal has no others', () => {
    const falling = [5, 4, 3, 2, 1, 0].map((avg, second) => step(second, avg));
    expect(plot(falling, { ...options, toMs: 6_000, blocks: false })).toBe(drawn('5 |#:.', '0 |####:.', '   0    8'));
  });

  test('has a hole where there is nothing, and a bar for the smallest value', () => {
    expect(plot([step(0, 1), step(1, 2), step(6, 1), step(7, 2)], { ...options, rows: 1 })).toBe(
      drawn('2 ┤▁█    ▁█', '   0      8'),
    );
  });

  test('draws lightly what reached above the mean', () => {
    const spike = step(1, 0, { max: 15 });
    expect(plot([step(0, 0), spike, step(2, 7)], { ...options, toMs: 3_000, columns: 11 })).toBe(
      drawn('15 ┤  ░░', ' 0 ┤▁▁▁▁██', '    0    8'),
    );
    expect(plot([step(0, 0), spike], { ...options, toMs: 2_000, blocks: false })).toBe(
      drawn('15 |    ||||', ' 0 |........', '    0      8'),
    );
  });

  test('of a value that never changes is one line, with one figure', () => {
    expect(plot([step(0, 7), step(1, 7), step(7, 7)], options)).toBe(drawn('7 ┤▄▄     ▄', '   0      8'));
  });

  test('of one point is a bar at its time', () => {
    expect(plot([step(3, 7)], options)).toBe(drawn('7 ┤   ▄', '   0      8'));
    expect(plot([step(0, 7)], { ...options, toMs: 1_000, columns: 12 })).toBe(drawn('7 ┤▄▄▄▄▄▄▄▄▄', '   0       8'));
  });

  test('joins steps where there are more than columns, and weighs them by their readings', () => {
    const many = [step(0, 0, { count: 3 }), step(1, 8), step(14, 4), step(15, 4)];
    expect(plot(many, { ...options, toMs: 16_000, columns: 11, rows: 1 })).toBe(drawn('8 ┤▃      ▅', '   0      8'));
  });

  test('gives a step that is longer than the others its width', () => {
    const coarse = step(2, 1, { stepMs: 4_000 });
    const before = step(-4, 3, { stepMs: 5_000 });
    expect(plot([before, coarse, step(7, 3)], { ...options, rows: 1 })).toBe(drawn('3 ┤█ ▁▁▁▁ █', '   0      8'));
    const ages = step(-8e12, 7, { stepMs: 8e15 + 2_000 });
    expect(plot([ages], options)).toBe(drawn('7 ┤▄▄', '   0      8'));
  });

  test('keeps eight columns on the narrowest terminal', () => {
    expect(plot(rising, { ...options, columns: 1, ends: ['10:00', '10:08'] })).toBe(
      drawn('15 ┤       █', ' 0 ┤▁▂▃▄▅▆▇█', '    10:00 10:08'),
    );
  });

  test('takes any numbers, at any times, and never passes its width', () => {
    const point = record({
      timeMs: integer({ min: -20, max: 400 }).map((seconds) => seconds * 1000),
      min: double({ noNaN: true, noDefaultInfinity: true }),
      more: integer({ min: 0, max: 9 }),
      count: integer({ min: 1, max: 1e9 }),
    });
    assert(
      property(array(point, { minLength: 1, maxLength: 30 }), integer({ min: 1, max: 300 }), (points, seconds) => {
        const steps = points.map(({ min, more, ...others }) => ({
          ...others,
          stepMs: 1_000,
          min,
          avg: min,
          max: min + more,
        }));
        const text = plot(steps, { ...options, toMs: seconds * 1000, columns: 60, rows: 4, show: () => '' });
        const [...lines] = text.split('\n');
        expect(lines.slice(0, -2).every((line) => line.length <= 60)).toBe(true);
        expect(text).not.toMatch(/undefined|NaN/);
      }),
    );
  });
});
