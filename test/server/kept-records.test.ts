import { expect, test } from 'vitest';
import { KeptRecords } from '../../src/server/kept-records.ts';

function records(): KeptRecords<string> {
  return new KeptRecords<string>(() => undefined);
}

test('what changes while a commit is under way is for the next one', () => {
  const kept = records();
  kept.put('a', 'first');
  const changes = kept.changes();
  kept.put('a', 'second');
  kept.stored(changes);
  expect(kept.changes()).toEqual([{ key: 'a', record: 'second' }]);
  kept.stored(kept.changes());
  expect(kept.changes()).toEqual([]);
});

test('a commit that fails takes memory back to what the store has, and the next one says so to the store', () => {
  const kept = records();
  kept.restore('a', 'stored');
  kept.put('a', 'changed');
  kept.put('b', 'new');
  kept.failed();
  expect([kept.get('a'), kept.get('b'), kept.size]).toEqual(['stored', undefined, 1]);
  expect(kept.changes()).toEqual([
    { key: 'a', record: 'stored' },
    { key: 'b', record: undefined },
  ]);
});

test('indexes are told of every change, and of what is taken back', () => {
  const told: string[] = [];
  const kept = new KeptRecords<string>((before, after) => told.push(`${before} ${after}`));
  kept.restore('a', 'x');
  kept.put('a', 'y');
  kept.put('a', undefined);
  kept.failed();
  expect(told).toEqual(['undefined x', 'x y', 'y undefined', 'undefined x']);
});
