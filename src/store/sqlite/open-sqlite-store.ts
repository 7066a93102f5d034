import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Dropped } from './dropped.ts';
import type { ReaderReply, ReaderRequest, WriterReply, WriterRequest } from './messages.ts';
import { rollUps, type RollUpName } from './chunks/tier.ts';
import { windowReadings } from './chunks/window.ts';
import type { ReaderOptions } from './reader.ts';
import type { RetentionMs } from './room.ts';
import { SqliteStore } from './sqlite-store.ts';
import { Thread } from './thread.ts';
import type { WriterOptions } from './writer.ts';

export type { Dropped } from './dropped.ts';
export type { SqliteStore } from './sqlite-store.ts';

export interface StoreSettings {
  /** Where the files lie; made with mode 0700 where it is missing. */
  readonly folder: string;
  /** How long a reading, and a roll-up of each tier, is kept after it was stored, in milliseconds; undefined for ever. */
  readonly retentionMs?: number | undefined;
  readonly rollUpRetentionMs?: Readonly<Partial<Record<RollUpName, number | undefined>>>;
  /** Bytes that the store's files may have; undefined for as many as there are. */
  readonly budgetBytes?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The oldest readings went, for their age or the budget. Called for each step: there may be many in a row. */
  readonly dropped: (dropped: Dropped) => void;
  /** A query left out so many blocks and chunks that cannot be read; it is logged as well. */
  readonly leftOut?: (count: number) => void;
  /** Shared memory: changed, and notified of, with each word of the store, for a caller that rests. */
  readonly wakeCell?: Int32Array;
}

/**
 * Opens the store, and makes it where there is none. Rejects with a CodedError: `store-corrupt`, `store-too-new`, `store-in-use`, `store-full`,
 * `store-read-only`, `store-io-failed`.
 */
export async function openSqliteStore(settings: StoreSettings): Promise<SqliteStore> {
  const { folder, budgetBytes, wakeCell } = settings;
  const workerData: WriterOptions = { folder, retentionMs: retentionByTier(settings), budgetBytes, wakeCell };
  const writer = new Thread<WriterRequest, WriterReply>({ start: 'writer-thread', workerData });
  try {
    await writer.request({ type: 'open' });
  } catch (error) {
    await writer.request({ type: 'close' });
    await writer.ended();
    throw error;
  }
  const reader = new Thread<ReaderRequest, ReaderReply>({
    start: 'reader-thread',
    workerData: { folder, windowReadings: windowReadings(budgetBytes), wakeCell } satisfies ReaderOptions,
  });
  return new SqliteStore({ ...settings, writer, reader });
}

function retentionByTier({ retentionMs, rollUpRetentionMs = {} }: StoreSettings): RetentionMs {
  const byTier: { -readonly [Each in keyof RetentionMs]: RetentionMs[Each] } = {};
  if (retentionMs !== undefined) byTier[0] = retentionMs;
  for (const { tier, name } of rollUps) {
    const ms = rollUpRetentionMs[name];
    if (ms !== undefined) byTier[tier] = ms;
  }
  return byTier;
}
