import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Dropped } from './dropping.ts';
import type { ReaderReply, ReaderRequest, WriterReply, WriterRequest } from './messages.ts';
import { SqliteStore } from './sqlite-store.ts';
import { Thread } from './thread.ts';
import type { WriterOptions } from './writer.ts';

export type { Dropped } from './dropping.ts';
export type { SqliteStore } from './sqlite-store.ts';

export interface StoreSettings {
  /** Where the files lie; made with mode 0700 where it is missing. */
  readonly folder: string;
  /** How long a reading is kept after it was stored, in milliseconds; undefined for ever. */
  readonly retentionMs?: number | undefined;
  /** Bytes that the store's files may have; undefined for as many as there are. */
  readonly budgetBytes?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The oldest readings went, for their age or the budget. Called for each step: there may be many in a row. */
  readonly dropped: (dropped: Dropped) => void;
}

/**
 * Opens the store, and makes it where there is none. Rejects with a CodedError: `store-corrupt`, `store-too-new`, `store-in-use`, `store-full`,
 * `store-read-only`, `store-io-failed`.
 */
export async function openSqliteStore(settings: StoreSettings): Promise<SqliteStore> {
  const { folder, retentionMs, budgetBytes } = settings;
  const workerData: WriterOptions = { folder, retentionMs, budgetBytes };
  const writer = new Thread<WriterRequest, WriterReply>({ start: 'writer-thread', workerData });
  try {
    await writer.request({ type: 'open' });
  } catch (error) {
    await writer.request({ type: 'close' });
    await writer.ended();
    throw error;
  }
  const reader = new Thread<ReaderRequest, ReaderReply>({ start: 'reader-thread', workerData: folder });
  return new SqliteStore({ ...settings, writer, reader });
}
