import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storeFault } from '../../../src/store/sqlite/faults.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import {
  eventRecord,
  found,
  foundSeqs,
  keepingMachines,
  keepingTokens,
  keyOf,
  machineRecord,
  readings,
  tokenRecord,
  unitRecord,
} from '../samples.ts';
import { faulty, inProcessStore, SqliteError, type Fault } from './in-process.ts';

const inputOutputFsync = 1_034;
const full = 13;

function storeWith(fault: Fault, after?: Fault): { store: ReturnType<typeof inProcessStore>; folder: string } {
  const folder = join(temporaryFolder(), 'store');
  const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined, open: faulty(fault, after) });
  return { store: inProcessStore(writer, folder), folder };
}

async function stateOf(store: ReturnType<typeof inProcessStore>): Promise<unknown> {
  const [readings, units] = [await foundSeqs(store), await store.units()];
  const events = (await store.events('u', 0, 1e9)).map(({ timeMs }) => timeMs);
  return { readings, units, events, machines: await store.machines(), tokens: await store.tokens() };
}

test('a batch that fails anywhere leaves nothing, and goes through when it comes again', async () => {
  let left = Number.POSITIVE_INFINITY;
  const { store } = storeWith(() => {
    left -= 1;
    return left === 0 ? new SqliteError(full) : undefined;
  });
  const size = 4_100;
  await store.append({ units: [], readings: readings(1, size) });
  let failures = 0;
  for (let round = 1; ; round += 1) {
    const other = `v${round}`;
    const batch = {
      units: [unitRecord('u', { lastSeenMs: round })],
      // The first two are stored already, and the last are of a unit that is new.
      readings: [...readings(round * size - 1, (round + 1) * size), ...readings(1, 3, other)],
      machines: [
        ...keepingMachines(machineRecord('a', { lastSeenMs: round }), machineRecord(`m${round}`)),
        { publicKey: keyOf(`m${round - 1}`), machine: undefined },
      ],
      tokens: [...keepingTokens(tokenRecord(`t${round}`)), { id: `t${round - 1}`, token: undefined }],
      events: [eventRecord(round), eventRecord(round, { event: 'lost' })],
    };
    const before = await stateOf(store);
    left = round;
    const code = await codeOf(store.append(batch));
    left = Number.POSITIVE_INFINITY;
    if (code === 'no error') break;
    failures += 1;
    expect(code).toBe('store-full');
    expect(await stateOf(store)).toEqual(before);
    expect(await foundSeqs(store, { clientId: other })).toEqual([]);
    expect(await store.append(batch)).toEqual({ duplicates: [0, 1] });
    expect(await found(store, { fromMs: round * size - 1 })).toEqual(readings(round * size - 1, (round + 1) * size));
    expect(await found(store, { clientId: other })).toEqual(readings(1, 3, other));
    expect(await store.machines()).toEqual([machineRecord('a', { lastSeenMs: round }), machineRecord(`m${round}`)]);
    expect(await store.tokens()).toEqual([tokenRecord(`t${round}`)]);
    expect(await store.events('u', round, round + 1)).toEqual(batch.events);
  }
  // Begin, words, three blocks, unit, three machines, two tokens, two events, commit.
  expect(failures).toBeGreaterThanOrEqual(14);
  await store.close();
});

test('a commit that was stored and then reported as failed is not stored again', async () => {
  let failing = false;
  const { store } = storeWith(
    () => undefined,
    (sql) => (failing && sql === 'COMMIT' ? new SqliteError(inputOutputFsync) : undefined),
  );
  await store.append({ units: [], readings: readings(1, 3) });
  failing = true;
  expect(await codeOf(store.append({ units: [], readings: readings(4, 6) }))).toBe('store-io-failed');
  failing = false;
  expect(await store.append({ units: [], readings: readings(4, 7) })).toEqual({ duplicates: [0, 1, 2] });
  expect(await foundSeqs(store)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await store.close();
});

test('a failure beside the batches does not cost the next batch', async () => {
  let failing = false;
  const { store } = storeWith(() => (failing ? new SqliteError(inputOutputFsync) : undefined));
  await store.append({ units: [], readings: readings(1, 3) });
  // What comes first after this failure finds the connection gone, and the segment with it.
  failing = true;
  expect(await codeOf(store.append({ units: [unitRecord('u')], readings: [] }))).toBe('store-io-failed');
  failing = false;
  expect(await store.highestSeq('u', 'e')).toBe(3);
  expect(await store.append({ units: [], readings: readings(3, 5) })).toEqual({ duplicates: [0] });
  expect(await foundSeqs(store)).toEqual([1, 2, 3, 4, 5]);
  await store.close();
});

test('a batch that got lost on its way does not take its words with it', async () => {
  const folder = join(temporaryFolder(), 'store');
  const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
  let losing = true;
  const lose = (): void => {
    if (losing) throw new Error('planted');
  };
  const store = inProcessStore(writer, folder, { lose });
  await expect(store.append({ units: [], readings: readings(1, 3) })).rejects.toThrow('planted');
  losing = false;
  expect(await store.append({ units: [], readings: readings(1, 3) })).toEqual({ duplicates: [] });
  losing = true;
  await expect(store.append({ units: [], readings: readings(1, 3, 'v') })).rejects.toThrow('planted');
  losing = false;
  expect(await store.append({ units: [], readings: readings(1, 3, 'v') })).toEqual({ duplicates: [] });
  expect([await found(store), await found(store, { clientId: 'v' })]).toEqual([readings(1, 3), readings(1, 3, 'v')]);
  await store.close();
});

test('a step of retention that fails leaves the segment to the next batch', async () => {
  const folder = join(temporaryFolder(), 'store');
  let failing = false;
  const open = faulty(() => (failing ? new SqliteError(inputOutputFsync) : undefined));
  const writer = new Writer({ folder, retentionMs: { 0: 1 }, budgetBytes: undefined, open });
  const store = inProcessStore(writer, folder);
  await store.append({ units: [], readings: readings(1, 3) });
  failing = true;
  expect(() => writer.retain(Number.MAX_SAFE_INTEGER)).toThrow(/does not do what it is asked/);
  failing = false;
  expect(await store.append({ units: [], readings: readings(3, 5) })).toEqual({ duplicates: [0] });
  expect(await foundSeqs(store)).toEqual([1, 2, 3, 4, 5]);
  await store.close();
});

test.each([
  { errcode: 13, code: 'store-full', todo: /free some space/ },
  { errcode: 8, code: 'store-read-only', todo: /mount it for writing/ },
  { errcode: 1_032, code: 'store-read-only', todo: /mount it for writing/ },
  { errcode: inputOutputFsync, code: 'store-io-failed', todo: /the system's log/ },
  { errcode: 14, code: 'store-io-failed', todo: /the system's log/ },
  { errcode: 11, code: 'store-corrupt', todo: /telemetryctl store check.*telemetryctl store salvage/ },
  { errcode: 26, code: 'store-corrupt', todo: /telemetryctl store check.*telemetryctl store salvage/ },
  { errcode: 5, code: 'store-in-use', todo: /end it/ },
])("SQLite's $errcode is $code, and says what to do", ({ errcode, code, todo }) => {
  expect(storeFault(new SqliteError(errcode), temporaryFolder())).toMatchObject({
    code,
    message: expect.stringMatching(todo),
  });
});

test('a fault of our own stays what it is', () => {
  const fault = new Error('invariant broken: planted');
  expect(storeFault(fault, 'anywhere')).toBe(fault);
  // SQLITE_MISUSE.
  expect(storeFault(new SqliteError(21), 'anywhere')).toBeInstanceOf(SqliteError);
});

test('a folder that cannot be made says why', async () => {
  expect(await codeOf(opened({ folder: '/dev/null/store' }))).toBe('store-io-failed');
});

test('a format that SQLite does not know, and a row that should not be there, are damage', () => {
  // SQLITE_ERROR and SQLITE_CONSTRAINT; fuzzing has found both (test/fuzz/corpus/store).
  for (const code of [1, 19])
    expect(storeFault(new SqliteError(code), 'anywhere')).toMatchObject({ code: 'store-corrupt' });
});
