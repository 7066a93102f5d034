import { expect, test } from 'vitest';
import { StoreDrops } from '../../src/server/store-drops.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Batch } from '../../src/store/contract.ts';
import { StillClock } from '../store/still-clock.ts';
import { PlayedConnection, PlayedServer } from './played-server.ts';

const dayMs = 86_400_000;

function drops(retentionMs?: number) {
  const clock = new StillClock();
  const logged: string[] = [];
  const store = new StoreDrops({
    clock,
    retentionMs,
    log: (level, event, { count, from, to, reason } = {}) =>
      void logged.push(
        `${level} ${event} ${String(count)} ${String(from).slice(0, 10)} ${String(to).slice(0, 10)} ${String(reason)}`,
      ),
  });
  const drop = (reason: 'age' | 'budget', daysAgo: number, droppedReadings = 10): void => {
    const throughMs = clock.wallMs() - daysAgo * dayMs;
    store.add({ reason, droppedReadings, fromMs: throughMs - dayMs, throughMs });
  };
  return { clock, logged, store, drop };
}

test('what is dropped is told at once, and then once a minute in sum', () => {
  const { clock, logged, drop, store } = drops();
  drop('age', 30);
  drop('age', 29);
  drop('age', 28, 5);
  expect(logged).toEqual(['info store-dropped 10 2026-10-21 2026-10-22 age']);
  clock.pass(60_000);
  expect(logged.slice(1)).toEqual(['info store-dropped 15 2026-10-22 2026-10-24 age']);
  clock.pass(60_000);
  clock.pass(60_000);
  expect(logged).toHaveLength(2);
  drop('budget', 3);
  drop('budget', 3, 1);
  expect(logged[2]).toBe('warn store-dropped 10 2026-11-17 2026-11-18 budget');
  store.close();
  expect(logged[3]).toBe('warn store-dropped 1 2026-11-17 2026-11-18 budget');
});

test('a budget that is too small for the retention is noted for an hour after it dropped', () => {
  const { clock, drop, store } = drops(30 * dayMs);
  drop('age', 30);
  drop('budget', 31);
  expect(store.notes).toEqual([]);
  drop('budget', 12);
  expect(store.notes).toEqual([
    'store.budget is full with readings of 12 days, and store.retention is 30 days: the oldest are dropped early; raise the budget, or shorten the retention',
  ]);
  clock.pass(3_600_000);
  expect(store.notes).toHaveLength(1);
  clock.pass(1);
  expect(store.notes).toEqual([]);
});

test('without a retention nothing is promised, and a full budget is no news', () => {
  const { drop, store } = drops();
  drop('budget', 1);
  expect(store.notes).toEqual([]);
});

test('a store that takes nothing is told once a minute and to whoever asks, and its end at once', async () => {
  let fails = true;
  class Failing extends MemoryStore {
    override append(batch: Batch): ReturnType<MemoryStore['append']> {
      return fails ? Promise.reject(new Error('the disk is full')) : super.append(batch);
    }
  }
  const server = new PlayedServer(new Failing());
  const { clock, hub } = server;
  const attempt = async (): Promise<void> => {
    const connection = new PlayedConnection(server);
    connection.say({});
    await expect.poll(() => connection.inputs.length).toBeGreaterThan(0);
  };
  for (let second = 0; second < 125; second += 5) {
    await attempt();
    clock.pass(5_000);
  }
  expect(server.told('store-unavailable')).toEqual(Array.from({ length: 3 }, () => ({ reason: 'the disk is full' })));
  expect(hub.ready()).toMatchObject({ ready: false, problems: ['the store takes nothing: the disk is full'] });
  fails = false;
  await attempt();
  expect(server.told('store-available')).toHaveLength(1);
  expect(hub.ready()).toMatchObject({ ready: true, problems: [] });
  fails = true;
  await attempt();
  expect(server.told('store-unavailable')).toHaveLength(4);
});
