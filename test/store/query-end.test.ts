import { expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { opened } from './opened.ts';
import { readings } from './samples.ts';

const all = { clientId: 'u', fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

test.for([
  ['in memory', async (): Promise<Store> => new MemoryStore()],
  ['on disk', async (): Promise<Store> => (await opened()).store],
] as const)('a query %s whose signal is aborted looks no further than what it has read', async ([, open]) => {
  const store = await open();
  await store.append({ units: [], readings: readings(1, 2_000) });
  const end = new AbortController();
  let count = 0;
  for await (const _ of store.query(all, end.signal)) {
    count += 1;
    end.abort();
  }
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThanOrEqual(256);
});
