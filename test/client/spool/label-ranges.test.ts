import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabelRanges, labelsOf } from '../../../src/client/spool/label-ranges.ts';

const range = fc
  .record({
    epoch: fc.constantFrom('a', 'b'),
    from: fc.integer({ min: 1, max: 30 }),
    length: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ epoch, from, length }) => ({ epoch, from, to: from + length - 1 }));

const act = fc.record({ type: fc.constantFrom('add', 'remove'), range });

const named = (ranges: LabelRanges): string[] => [...labelsOf(ranges)].map(({ epoch, seq }) => `${epoch}${seq}`);

function applied(acts: readonly { type: string; range: { epoch: string; from: number; to: number } }[]): {
  ranges: LabelRanges;
  model: Set<string>;
} {
  const ranges = new LabelRanges();
  const model = new Set<string>();
  for (const { type, range } of acts) {
    const before = model.size;
    for (const { epoch, seq } of labelsOf([range])) {
      if (type === 'add') model.add(`${epoch}${seq}`);
      else model.delete(`${epoch}${seq}`);
    }
    if (type === 'add') ranges.add(range);
    else expect(ranges.remove(range)).toBe(before - model.size);
  }
  return { ranges, model };
}

test('ranges hold the labels that a set would', () => {
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      const { ranges, model } = applied(acts);
      expect(named(ranges).toSorted()).toEqual([...model].toSorted());
      expect(ranges.count).toBe(model.size);
      for (let seq = 0; seq < 40; seq += 1) expect(ranges.has('a', seq)).toBe(model.has(`a${seq}`));
    }),
  );
});

test('ranges that touch are one', () => {
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      const all = [...applied(acts).ranges].toSorted((one, other) => one.from - other.from);
      for (const one of all) {
        expect(all.filter(({ epoch, from }) => epoch === one.epoch && from > one.from && from <= one.to + 1)).toEqual(
          [],
        );
      }
    }),
  );
});

test('an intersection holds what is in both', () => {
  fc.assert(
    fc.property(fc.array(act), fc.array(act), (some, others) => {
      const one = applied(some);
      const other = applied(others);
      const both = one.ranges.intersection(other.ranges);
      expect(named(both).toSorted()).toEqual([...one.model].filter((label) => other.model.has(label)).toSorted());
    }),
  );
});
