import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Log } from '../../../src/core/log.ts';
import { answerReader } from '../../../src/store/sqlite/answer-reader.ts';
import { answerWriter } from '../../../src/store/sqlite/answer-writer.ts';
import type { Dropped } from '../../../src/store/sqlite/dropped.ts';
import { openForWriting } from '../../../src/store/sqlite/database.ts';
import type {
  Failed,
  ReaderReply,
  ReaderRequest,
  WriterReply,
  WriterRequest,
} from '../../../src/store/sqlite/messages.ts';
import { Reader, type ReaderOptions } from '../../../src/store/sqlite/reader.ts';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Answering } from '../../../src/store/sqlite/thread.ts';
import type { Writer } from '../../../src/store/sqlite/writer.ts';
import { StillClock } from '../still-clock.ts';

/** What SQLite throws. */
export class SqliteError extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode: number;

  constructor(errcode: number) {
    super(`planted ${errcode}`);
    this.errcode = errcode;
  }
}

/** Whether the statement that is about to run fails, and how. */
export type Fault = (sql: string) => Error | undefined;

/** Opens databases of which statements fail as a test says, before or after they have done their work. */
export function faulty(fault: Fault, after: Fault = () => undefined): (folder: string) => DatabaseSync {
  return (folder) => {
    const database = openForWriting(folder);
    const prepare = database.prepare.bind(database);
    return Object.assign(database, {
      prepare: (sql: string): StatementSync => {
        const statement = prepare(sql);
        const run = statement.run.bind(statement);
        return Object.assign(statement, {
          run: (...values: Parameters<typeof run>) => {
            raise(fault(sql));
            const result = run(...values);
            raise(after(sql));
            return result;
          },
        });
      },
    });
  };
}

export interface InProcess extends Pick<ReaderOptions, 'smallChunks' | 'moveLimits' | 'open'> {
  /** Called before each batch comes to the writer: where it throws, it does not. */
  readonly lose?: () => void;
  /** Called before each request: where it throws, the request fails. */
  readonly beforeWrite?: (request: WriterRequest) => void;
  readonly beforeRead?: (request: ReaderRequest) => void;
  readonly log?: Log;
  readonly dropped?: (dropped: Dropped) => void;
  /** Of a segment, and of what is moved into chunks in one go. */
  readonly segmentReadings?: number;
  readonly windowReadings?: number;
  readonly clock?: StillClock;
}

/** A store without threads over this writer. */
export function inProcessStore(writer: Writer, folder: string, options: InProcess = {}): SqliteStore {
  const { lose, beforeWrite, beforeRead, log, dropped, segmentReadings, clock = new StillClock(), ...others } = options;
  const reader = new Reader({ folder, windowReadings: 65_536, ...others });
  const write = (request: WriterRequest): Exclude<WriterReply, Failed> => {
    if (request.type === 'append') lose?.();
    beforeWrite?.(request);
    return answerWriter(writer, structuredClone(request));
  };
  const read = (request: ReaderRequest): Exclude<ReaderReply, Failed> => {
    beforeRead?.(request);
    return structuredClone(answerReader(reader, request));
  };
  const answering = <Request, Reply extends { type: string }>(
    answer: (request: Request) => Exclude<Reply, Failed>,
  ): Answering<Request, Reply> => ({
    runs: true,
    // Errors of the answer reject.
    request: async (request) => answer(request),
    ended: () => Promise.resolve(),
  });
  return new SqliteStore({
    folder,
    writer: answering<WriterRequest, WriterReply>(write),
    reader: answering<ReaderRequest, ReaderReply>(read),
    clock,
    ...(segmentReadings !== undefined && { segmentReadings }),
    log: log ?? (() => undefined),
    dropped: dropped ?? (() => undefined),
  });
}

function raise(error: Error | undefined): void {
  if (error !== undefined) throw error;
}
