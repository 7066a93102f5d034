import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { foundSeqs, reading } from './samples.ts';

test('full, the store in memory drops its oldest', async () => {
  const store = new MemoryStore();
  const readings = Array.from({ length: limits.memoryReadingsMax + 3 }, (_, index) => reading(index + 1));
  await store.append({ units: [], readings });
  const seqs = await foundSeqs(store);
  expect([seqs[0], seqs.length]).toEqual([4, limits.memoryReadingsMax]);
});
