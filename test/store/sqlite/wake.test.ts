import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../../src/transport/system-clock.ts';
import { temporaryFolder } from '../opened.ts';

test('a thread that stands still is woken by the store’s word on what it has given it', async () => {
  const wakeCell = new Int32Array(new SharedArrayBuffer(4));
  const store = await openSqliteStore({
    folder: temporaryFolder(),
    clock: systemClock,
    log: () => undefined,
    dropped: () => undefined,
    wakeCell,
  });
  // It may be told of what it was asked before a moment later than it has the answer.
  expect(Atomics.wait(wakeCell, 0, 0, 20_000)).not.toBe('timed-out');
  const before = Atomics.load(wakeCell, 0);
  const appended = store.append({ readings: [], units: [] });
  // By then it is on its way to the store's thread.
  await nextTurn();
  expect(Atomics.wait(wakeCell, 0, before, 20_000)).not.toBe('timed-out');
  await appended;
  await store.close();
});
