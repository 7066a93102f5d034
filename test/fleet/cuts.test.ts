import { expect, test } from 'vitest';
import { Cuts } from '../../src/fleet/cuts.ts';

const take = (cuts: Cuts, count: number): (string | undefined)[] => Array.from({ length: count }, () => cuts.next());

test('the same seed cuts the same sendings of a unit, another seed and another unit others', () => {
  const of = (seed: number, unit: number): (string | undefined)[] => take(new Cuts({ loss: 0.1, seed, unit }), 200);
  expect(of(7, 3)).toEqual(of(7, 3));
  expect(of(7, 3)).not.toEqual(of(8, 3));
  expect(of(7, 3)).not.toEqual(of(7, 4));
});

test('as many are cut as the loss says, a third each before, within and after', () => {
  const all = Array.from({ length: 100 }, (_, unit) => take(new Cuts({ loss: 0.02, seed: 1, unit }), 1_000)).flat();
  for (const cut of ['before', 'within', 'after']) {
    const share = all.filter((found) => found === cut).length / all.length;
    expect(share).toBeGreaterThan(0.02 / 3 - 0.001);
    expect(share).toBeLessThan(0.02 / 3 + 0.001);
  }
});

test('nothing is cut without a loss', () => {
  expect(take(new Cuts({ loss: 0, seed: 1, unit: 1 }), 10).every((cut) => cut === undefined)).toBe(true);
});
