import { expect, test } from 'vitest';
import { Random } from '../sim/random.ts';
import { judge } from './flatness.ts';
import { slopePerHour, type ProcessSample } from './process-sample.ts';

const count = 120;
const everySeconds = 30;

/** An hour of samples of a process that has this much memory and so many descriptors at each of them. */
function samples(
  rssMiB: (index: number) => number,
  descriptors: (index: number) => number = () => 1_030,
): ProcessSample[] {
  return Array.from({ length: count }, (_, index) => {
    return { seconds: index * everySeconds, rssMiB: rssMiB(index), descriptors: descriptors(index), threads: 12 };
  });
}

function growing(taken: readonly ProcessSample[]): string[] {
  return judge(taken)
    .filter(({ flat }) => !flat)
    .map(({ what }) => what);
}

test('a slope is told from samples with outliers among them', () => {
  const values = Array.from({ length: 60 }, (_, index) => ({
    seconds: index * 60,
    value: index % 10 === 3 ? 900 : index,
  }));
  expect(slopePerHour(values)).toBeCloseTo(60, 0);
});

test('memory that grows while a process warms up and then breathes is flat', () => {
  const random = new Random(1);
  expect(growing(samples((index) => Math.min(200, 100 + index * 4) + random.between(-12, 12)))).toEqual([]);
});

test('a heap that is let grow and emptied, every six minutes, is flat', () => {
  expect(growing(samples((index) => 180 + (index % 12) * 10))).toEqual([]);
});

test('memory that goes on growing by 40 MiB an hour is not, however it breathes', () => {
  const random = new Random(2);
  expect(growing(samples((index) => 160 + (index / count) * 40 + random.between(-12, 12)))).toEqual(['RSS']);
});

test('descriptors that are left behind, one in half a minute, are told', () => {
  expect(
    growing(
      samples(
        () => 160,
        (index) => 1_030 + index,
      ),
    ),
  ).toEqual(['descriptors']);
});

test('memory that becomes less is flat', () => {
  expect(growing(samples((index) => 300 - index))).toEqual([]);
});
