import { expect, test } from 'vitest';
import { AcknowledgementTimes } from '../../src/server/acknowledgement-times.ts';
import type { ServerCounts } from '../../src/server/contract.ts';
import { Intake } from '../../src/server/intake.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Appended } from '../../src/store/contract.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { reading } from '../store/samples.ts';
import { FailingStore } from './failing-store.ts';
import { PlayedConnection, PlayedServer, turn } from './played-server.ts';

const idle = { stored: () => undefined, failed: () => undefined };

/** An intake whose commits end when a test says so. */
function pacedIntake(): { intake: Intake; clock: ManualClock; end: (duplicates?: readonly number[]) => Promise<void> } {
  const clock = createManualClock();
  const commits: ((appended: Appended) => void)[] = [];
  const store = Object.assign(new MemoryStore(), {
    append: () => new Promise<Appended>((resolve) => commits.push(resolve)),
  });
  const intake = new Intake({
    store,
    clock,
    joining: { waitersMax: 1_000, delayMsMax: 0 },
    defer: (task) => {
      queueMicrotask(task);
    },
    committed: () => undefined,
    trouble: () => undefined,
  });
  const end = async (duplicates: readonly number[] = []): Promise<void> => {
    commits.shift()?.({ duplicates });
    for (let count = 0; count < 5; count += 1) await Promise.resolve();
  };
  return { intake, clock, end };
}

/** By the upper bound of each in milliseconds, those that have any. */
function observed({ acknowledgement: { boundsSeconds, counts } }: Pick<ServerCounts, 'acknowledgement'>): unknown {
  const bounds = [...boundsSeconds.map((bound) => bound * 1_000), Number.POSITIVE_INFINITY];
  return counts.flatMap((count, index) => (count === 0 ? [] : [[bounds[index], count]]));
}

test('readings of one turn share their arrival, and those of one commit their acknowledgement', async () => {
  const { intake, clock, end } = pacedIntake();
  // Holds up those that follow.
  intake.addUnit(Object(null), idle);
  await end();
  intake.addUnit(Object(null), idle);
  for (let count = 0; count < 5; count += 1) await Promise.resolve();
  intake.addReading(reading(1), idle);
  clock.advance(3);
  intake.addReading(reading(2), idle);
  intake.turnOver();
  clock.advance(6);
  intake.addReadings([reading(3), reading(4), reading(5)], idle);
  expect(intake.counts().readingsWaiting).toBe(5);
  await end();
  expect(intake.counts().readingsWaiting).toBe(5);
  clock.advance(40);
  await end([1]);
  // 49 ms for two of them, 40 ms for three.
  expect(observed(intake.counts())).toEqual([[50, 5]]);
  expect(intake.counts().acknowledgement.sumSeconds).toBeCloseTo(2 * 0.049 + 3 * 0.04, 9);
  expect(intake.counts()).toMatchObject({ readingsStored: 4, readingsDuplicate: 1, readingsWaiting: 0 });
});

test('what arrives while a commit is under way is measured from then on, also within one turn', async () => {
  const { intake, clock, end } = pacedIntake();
  intake.addReading(reading(1), idle);
  for (let count = 0; count < 5; count += 1) await Promise.resolve();
  clock.advance(20);
  intake.addReading(reading(2), idle);
  await end();
  await end();
  expect(observed(intake.counts())).toEqual([
    [0.25, 1],
    [25, 1],
  ]);
});

test('what arrives behind a commit that fails, and in the same turn, is measured', async () => {
  const store = new FailingStore();
  const clock = createManualClock();
  const failed = Promise.withResolvers<void>();
  const intake = new Intake({
    store,
    clock,
    defer: (task) => {
      queueMicrotask(task);
    },
    committed: () => undefined,
    trouble: () => undefined,
  });
  store.fails = 'before';
  intake.addReading(reading(1), idle);
  await Promise.resolve();
  intake.addReading(reading(2), { ...idle, failed: () => failed.resolve() });
  await failed.promise;
  store.fails = 'no';
  intake.addReading(reading(3), idle);
  await intake.idle();
  expect([intake.counts().commitsFailed, observed(intake.counts())]).toEqual([1, [[0.25, 1]]]);
});

test('a time on a bound is below it, one above all bounds is in the last place, and each reading counts', () => {
  const times = new AcknowledgementTimes();
  times.add(
    [
      { arrivedMs: 0, first: 0 },
      { arrivedMs: 29_999, first: 7 },
      { arrivedMs: 30_000, first: 7 },
    ],
    9,
    30_001,
  );
  times.add([{ arrivedMs: 0, first: 0 }], 1, 0.25);
  times.add([{ arrivedMs: 0, first: 0 }], 1, 30_000);
  const acknowledgement = times.view();
  expect(observed({ acknowledgement })).toEqual([
    [0.25, 1],
    [1, 2],
    [30_000, 1],
    [Number.POSITIVE_INFINITY, 7],
  ]);
  expect(acknowledgement.counts).toHaveLength(acknowledgement.boundsSeconds.length + 1);
  expect(acknowledgement.boundsSeconds).toEqual(acknowledgement.boundsSeconds.toSorted((one, other) => one - other));
});

test('the server counts what it has stored, what failed, and who is there', async () => {
  const store = new FailingStore();
  const server = new PlayedServer(store);
  const startedMs = server.clock.wallMs();
  const empty = server.hub.counts();
  expect(empty).toMatchObject({ startedMs, readingsStored: 0, readingsDuplicate: 0, commitsStored: 0, connections: 0 });
  const [one, stranger] = [new PlayedConnection(server), new PlayedConnection(server, '192.0.2.9')];
  await one.register('e1');
  await one.round(1);
  one.store({ epoch: 'e1', seq: 1, time: 1, sensor: 'cpu', values: {} });
  await turn();
  await turn();
  server.clock.pass(60_000);
  store.fails = 'before';
  one.store({ epoch: 'e1', seq: 1_000_000, time: 1, sensor: 'cpu', values: {} });
  for (let count = 0; count < 4; count += 1) await turn();
  const counts = server.hub.counts();
  expect(counts).toMatchObject({ startedMs, readingsStored: 1, readingsDuplicate: 1, readingsWaiting: 0 });
  expect([counts.commitsFailed, counts.connections]).toEqual([1, 1]);
  expect(counts.commitsStored).toBeGreaterThanOrEqual(3);
  expect(counts.acknowledgement.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  store.fails = 'no';
  // The other has nothing more to say for the unit, whether it has gone or not.
  const heir = new PlayedConnection(server, '192.0.2.8');
  await heir.register('e2', 'unit-1');
  expect(server.hub.counts().connections).toBe(1);
  await heir.leave();
  expect(server.hub.counts().connections).toBe(0);
  expect(stranger.inputs).toEqual([]);
});
