import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { answerReader } from './answer-reader.ts';
import { answerWriter } from './answer-writer.ts';
import { windowReadings } from './chunks/window.ts';
import { Compaction } from './compaction.ts';
import { openForWriting } from './database.ts';
import { storeFault } from './faults.ts';
import type { ReaderReply, ReaderRequest, WriterReply, WriterRequest } from './messages.ts';
import { Reader } from './reader.ts';
import { integerIn } from './row.ts';
import type { Answering } from './thread.ts';
import { Writer } from './writer.ts';

export interface Compacted {
  /** Readings that are stored now. */
  readonly readings: number;
  /** What the store takes on the disk now. */
  readonly bytes: number;
  /** Blocks that could not be moved whole, and are set aside. */
  readonly damagedBlocks: number;
}

/**
 * Moves all readings of the store in `folder` into chunks, and gives the space that they took back to the file system. The caller owns the store. Rejects with the store's
 * coded errors.
 */
export async function compactStore(folder: string, clock: Clock): Promise<Compacted> {
  const options = { folder, retentionMs: {}, budgetBytes: undefined };
  const sealing = new Writer(options);
  sealing.open();
  sealing.close();
  const writer = new Writer(options);
  const reader = new Reader({ folder, windowReadings: windowReadings(undefined) });
  let damagedBlocks = 0;
  const compaction = new Compaction({
    clock,
    writer: answering<WriterRequest, WriterReply>((request) => {
      const reply = answerWriter(writer, request);
      writer.checkpoint();
      return reply;
    }),
    reader: answering<ReaderRequest, ReaderReply>((request) => answerReader(reader, request)),
    moved: (window) => {
      damagedBlocks += window.damagedBlocks.length;
    },
    nextTurn,
    failed: () => undefined,
  });
  try {
    await compaction.runToEnd();
  } finally {
    reader.close();
    writer.close();
  }
  try {
    return { ...shrunk(folder), damagedBlocks };
  } catch (error) {
    throw storeFault(error, folder);
  }
}

function shrunk(folder: string): Omit<Compacted, 'damagedBlocks'> {
  const database = openForWriting(folder);
  try {
    database.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
    const number = (sql: string, column: string): number => integerIn(database.prepare(sql).get(), column);
    const inChunks = number('SELECT ifnull(sum(rows), 0) AS readings FROM chunks WHERE tier = 0', 'readings');
    const inBlocks = number('SELECT ifnull(sum(readings), 0) AS readings FROM blocks', 'readings');
    const bytes = number('PRAGMA page_count', 'page_count') * number('PRAGMA page_size', 'page_size');
    return { readings: inChunks + inBlocks, bytes };
  } finally {
    database.close();
  }
}

/** Without a thread: whoever asks waits for nothing else. */
function answering<Request, Reply extends { readonly type: string }>(
  answer: (request: Request) => Awaited<ReturnType<Answering<Request, Reply>['request']>>,
): Answering<Request, Reply> {
  return { runs: true, request: async (request) => answer(request), ended: () => Promise.resolve() };
}
