import { expect, test } from 'vitest';
import type { UnitReading } from '../../src/core/reading.ts';
import type { Joining } from '../../src/server/commit-pace.ts';
import { Intake } from '../../src/server/intake.ts';
import type { Appended, Batch, Store } from '../../src/store/contract.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

/** A store whose commits end when a test says so. */
class PacedStore implements Pick<Store, 'append'> {
  readonly batches: Batch[] = [];
  readonly #commits: PromiseWithResolvers<Appended>[] = [];

  append(batch: Batch): Promise<Appended> {
    this.batches.push(batch);
    const commit = Promise.withResolvers<Appended>();
    this.#commits.push(commit);
    return commit.promise;
  }

  async succeed(duplicates: readonly number[] = []): Promise<void> {
    this.#commits.shift()?.resolve({ duplicates });
    await turns();
  }

  async fail(words: string): Promise<void> {
    this.#commits.shift()?.reject(new Error(words));
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

function intakeOver(
  store: PacedStore,
  joining?: Joining,
): { intake: Intake; clock: ManualClock; outcomes: string[]; add: (seq: number) => void } {
  const outcomes: string[] = [];
  const clock = createManualClock();
  const intake = new Intake({
    store: store as unknown as Store,
    clock,
    ...(joining === undefined ? {} : { joining }),
    defer: (task) => {
      queueMicrotask(task);
    },
    committed: (readings) => void outcomes.push(`committed ${readings.map(({ reading }) => reading.seq).join(',')}`),
    trouble: (words) => void outcomes.push(`trouble ${String(words)}`),
  });
  const add = (seq: number): void => {
    intake.addReading(reading(seq), {
      stored: () => void outcomes.push(`stored ${seq}`),
      failed: (words) => void outcomes.push(`failed ${seq} ${words}`),
    });
  };
  return { intake, clock, outcomes, add };
}

function reading(seq: number): UnitReading {
  return { clientId: 'u', unit: 'u', reading: { epoch: 'e', seq, time: seq, sensor: 'test', values: {} } };
}

test('what arrives in one turn is one batch, and what arrives during a commit is the next', async () => {
  const store = new PacedStore();
  const { outcomes, add } = intakeOver(store);
  add(1);
  add(2);
  await turns();
  add(3);
  add(4);
  await turns();
  expect(store.batches.map(({ readings }) => readings.length)).toEqual([2]);
  expect(outcomes).toEqual([]);
  await store.succeed();
  expect(outcomes).toEqual(['stored 1', 'stored 2', 'committed 1,2']);
  expect(store.batches.map(({ readings }) => readings.length)).toEqual([2, 2]);
});

test('nothing that waits behind a failed commit is committed', async () => {
  const store = new PacedStore();
  const { outcomes, add } = intakeOver(store);
  add(1);
  await turns();
  add(2);
  await store.fail('disk full');
  expect(outcomes).toEqual(['trouble disk full', 'failed 1 disk full', 'failed 2 disk full']);
  expect(store.batches).toHaveLength(1);
  add(3);
  await turns();
  await store.succeed();
  expect(outcomes.slice(3)).toEqual(['stored 3', 'trouble undefined', 'committed 3']);
});

test('a duplicate is acknowledged and not told to the log', async () => {
  const store = new PacedStore();
  const { outcomes, add } = intakeOver(store);
  add(1);
  add(2);
  await turns();
  await store.succeed([0]);
  expect(outcomes).toEqual(['stored 1', 'stored 2', 'committed 2']);
});

test('it is idle when nothing is in hand', async () => {
  const store = new PacedStore();
  const { intake, outcomes, add } = intakeOver(store);
  await intake.idle();
  add(1);
  const idle = intake.idle().then(() => outcomes.push('idle'));
  await turns();
  expect(outcomes).not.toContain('idle');
  await store.succeed();
  await idle;
  expect(outcomes).toContain('idle');
});

/** Each reading of a connection of its own. */
function addOfMany(intake: Intake, from: number, through: number): void {
  for (let seq = from; seq <= through; seq += 1) {
    intake.addReading(reading(seq), { stored: () => undefined, failed: () => undefined });
  }
}

test('under thousands of readings a second a batch is gathered for milliseconds, or until it is large', async () => {
  const store = new PacedStore();
  const { intake, clock } = intakeOver(store, { waitersMax: 100, delayMsMax: 8 });
  addOfMany(intake, 1, 300);
  await turns();
  expect(store.batches.map(({ readings }) => readings.length)).toEqual([100]);
  await store.succeed();
  expect(store.batches).toHaveLength(2);
  await store.succeed();
  clock.advance(60);
  addOfMany(intake, 301, 310);
  clock.advance(7);
  await turns();
  expect(store.batches).toHaveLength(2);
  clock.advance(1);
  await turns();
  expect(store.batches.map(({ readings }) => readings.length)).toEqual([100, 200, 10]);
});

test('where the loop rests, a batch goes at the end of the turn after it, and the store’s word begins a turn', async () => {
  const store = new PacedStore();
  const clock = createManualClock();
  const story: string[] = [];
  let given = 0;
  const intake = new Intake({
    store: store as unknown as Store,
    clock,
    joining: { waitersMax: 512, delayMsMax: 8 },
    loop: {
      idleMs: () => clock.monotonicMs(),
      // Ends with the store's word where the store has something, which is 1 ms after it was given.
      rest: (ms) => {
        const news = store.batches.length - given;
        given = store.batches.length;
        story.push(`${news > 0 ? `${store.batches.at(-1)?.readings.length} stored, ` : ''}rest ${ms}`);
        clock.advance(news > 0 ? 1 : ms);
      },
    },
    turnBegins: () => {
      story.push('word');
    },
    defer: (task) => {
      queueMicrotask(task);
    },
    committed: () => undefined,
    trouble: () => undefined,
  });
  const waiters = Array.from({ length: 500 }, () => ({ stored: () => undefined, failed: () => undefined }));
  /** A turn of the loop that brings a reading for each fifth of a millisecond since the last. */
  let takenMs = 0;
  let succeeded = 0;
  const turn = async (): Promise<void> => {
    const count = Math.round((clock.monotonicMs() - takenMs) * 5);
    takenMs = clock.monotonicMs();
    for (const waiter of waiters.slice(0, count)) intake.addReading(reading(1), waiter);
    waiters.push(...waiters.splice(0, count));
    intake.turnHandled();
    await turns();
    intake.turnOver();
    if (store.batches.length > succeeded) {
      succeeded += 1;
      await store.succeed();
    }
  };
  for (let count = 0; count < 200; count += 1) {
    await turn();
    if (clock.monotonicMs() === takenMs) clock.advance(1);
    await turns();
  }
  // 50 readings a commit: of its own turn, and those 5 that had come with the store's word on the one before.
  expect(story.slice(-6)).toEqual(['rest 9', '50 stored, rest 10', 'word', 'rest 9', '50 stored, rest 10', 'word']);
});
