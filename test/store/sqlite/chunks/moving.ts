import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { expect } from 'vitest';
import type { UnitReading } from '../../../../src/core/reading.ts';
import type { Query, SeriesStep, StepQuery, Store } from '../../../../src/store/contract.ts';
import { MemoryStore } from '../../../../src/store/memory.ts';
import type { SqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import { Writer, type WriterOptions } from '../../../../src/store/sqlite/writer.ts';
import { temporaryFolder } from '../../opened.ts';
import { found } from '../../samples.ts';
import { StillClock } from '../../still-clock.ts';
import { inProcessStore, type InProcess } from '../in-process.ts';

/** When the readings of these tests begin: on the hour of two. */
export const startMs = Date.UTC(2026, 10, 21, 10);

export interface Moving {
  readonly store: SqliteStore;
  readonly writer: Writer;
  readonly folder: string;
  readonly clock: StillClock;
  readonly logged: string[];
  /** Of all that was appended by `give`. */
  readonly reference: MemoryStore;
  /** Appends a batch to both; its last block is sealed by the next. */
  readonly give: (readings: readonly UnitReading[]) => Promise<void>;
}

/** A store without threads in which every batch is a segment of its own, unless options say otherwise. */
export function moving(options: InProcess & Partial<WriterOptions> = {}): Moving {
  const folder = options.folder ?? join(temporaryFolder(), 'store');
  const { retentionMs = {}, budgetBytes, open, ...others } = options;
  const writer = new Writer({ folder, retentionMs, budgetBytes, ...(open !== undefined && { open }) });
  const clock = options.clock ?? new StillClock();
  const logged: string[] = [];
  const store = inProcessStore(writer, folder, {
    segmentReadings: 1,
    log: (level, event, fields) => void logged.push(`${level} ${event} ${JSON.stringify(fields)}`),
    ...others,
    clock,
  });
  const reference = new MemoryStore();
  const give = async (readings: readonly UnitReading[]): Promise<void> => {
    await store.append({ units: [], readings });
    await reference.append({ units: [], readings });
  };
  return { store, writer, folder, clock, logged, reference, give };
}

/** A reading of unit `u`, every ten seconds, tenths of degrees. */
export function taken(seq: number, members: Partial<UnitReading['reading']> = {}, clientId = 'u'): UnitReading {
  const values = { celsius: 45 + (seq % 37) / 10 };
  const time = startMs + seq * 10_000;
  return {
    clientId,
    unit: clientId,
    reading: { epoch: 'aaaaaaaa', seq, time, sensor: 'cpu_temp', values, ...members },
  };
}

export function takenFrom(from: number, to: number, clientId = 'u'): UnitReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => taken(from + index, {}, clientId));
}

/** Readings of unit `u`, each with members of its own. */
export function takenEach(
  from: number,
  to: number,
  membersOf: (seq: number) => Partial<UnitReading['reading']>,
): UnitReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => taken(from + index, membersOf(from + index)));
}

/** All steps of unit `u`, or of those that a query asks for. */
export async function stepsOf(store: Pick<Store, 'steps'>, query: Partial<StepQuery> = {}): Promise<SeriesStep[]> {
  const steps: SeriesStep[] = [];
  const whole = { clientId: 'u', fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, stepMs: 60_000 };
  for await (const step of store.steps({ ...whole, ...query })) steps.push(step);
  return steps;
}

/** The readings of these queries, and their steps in all lengths, are those of the store in memory. */
export async function expectSame(
  { store, reference }: Pick<Moving, 'store' | 'reference'>,
  queries: readonly Partial<Query>[] = [{}],
  stepsMs: readonly number[] = [7_000, 60_000, 600_000, 7_200_000, 86_400_000],
): Promise<void> {
  for (const query of queries) {
    expect(await found(store, query)).toEqual(await found(reference, query));
    for (const stepMs of stepsMs) {
      expect(rounded(await stepsOf(store, { ...query, stepMs }))).toEqual(
        rounded(await stepsOf(reference, { ...query, stepMs })),
      );
    }
  }
}

/** Sums of decimals differ in their last bits by the order in which they were added. */
function rounded(steps: readonly SeriesStep[]): unknown {
  return steps.map(({ sensor, id, timeMs, stepMs, values }) => [
    [sensor, id, timeMs, stepMs],
    Object.fromEntries(
      Object.entries(values).map(([name, { count, min, max, sum }]) => [name, [count, min, max, sum.toPrecision(10)]]),
    ),
  ]);
}

/** What a statement answers of the store as it is. */
export function rowsIn(folder: string, sql: string): Record<string, SQLOutputValue>[] {
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** Readings of a tier, in chunks; and readings in blocks that were not moved. */
export function countsIn(folder: string): { readonly chunks: number; readonly rows: number; readonly blocks: number } {
  const [row] = rowsIn(
    folder,
    `SELECT (SELECT count(*) FROM chunks) AS chunks, (SELECT ifnull(sum(rows), 0) FROM chunks WHERE tier = 0) AS rows,
      (SELECT count(*) FROM blocks) AS blocks`,
  );
  return { chunks: Number(row?.['chunks']), rows: Number(row?.['rows']), blocks: Number(row?.['blocks']) };
}
