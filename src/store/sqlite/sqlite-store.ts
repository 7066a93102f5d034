import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { CodedError } from '../../core/coded-error.ts';
import type { Log } from '../../core/log.ts';
import type { GapRecord } from '../../core/gap.ts';
import type { JoinTokenRecord, MachineRecord } from '../../core/machine.ts';
import type { UnitReading } from '../../core/reading.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { UnitEventRecord } from '../../core/unit-event.ts';
import type { UnitRecord } from '../../core/unit.ts';
import type { Appended, Batch, Directory, LastKnown, Query, SeriesStep, StepQuery, Store } from '../contract.ts';
import type { Dropped } from './dropped.ts';
import { bytesOfFiles } from './bytes-of-files.ts';
import { Compaction } from './compaction.ts';
import type {
  Asked,
  Page,
  ReaderReply,
  ReaderRequest,
  RetainStep,
  WriterReply,
  WriterRequest,
  Written,
} from './messages.ts';
import { Damage, storeFault } from './faults.ts';
import { parseMachine } from './machine-record.ts';
import { packBatch } from './packed-batch.ts';
import { Packer } from './packer.ts';
import { unpackSteps } from './queries/packed-steps.ts';
import { Retention } from './retention.ts';
import { replyOf } from './reply-of.ts';
import type { Answering } from './thread.ts';
import { parseToken } from './token-record.ts';
import { parseUnit } from './unit-record.ts';

export interface SqliteStoreOptions {
  readonly folder: string;
  readonly writer: Answering<WriterRequest, WriterReply>;
  readonly reader: Answering<ReaderRequest, ReaderReply>;
  readonly clock: Clock;
  readonly log: Log;
  readonly dropped: (dropped: Dropped) => void;
  readonly leftOut?: (count: number) => void;
  /** Lets others have the loop between two steps of background work; simulated time has its own. */
  readonly nextTurn?: () => Promise<void>;
  /** Readings after which a new segment begins; a test gives fewer. */
  readonly segmentReadings?: number;
}

/** The store on disk: one thread writes, one reads. */
export class SqliteStore implements Store, Directory {
  readonly #options: SqliteStoreOptions;
  readonly #packer: Packer;
  readonly #retention: Retention;
  readonly #compaction: Compaction;
  #queries = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  /** Of an open writer. */
  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#packer = new Packer(options.segmentReadings);
    this.#retention = new Retention({
      clock: options.clock,
      step: (nowMs) => this.#retain(nowMs),
      failed: (error) => {
        options.log('warn', 'retention-failed', { reason: reasonOf(error) });
      },
    });
    this.#compaction = new Compaction({
      ...options,
      nextTurn: options.nextTurn ?? nextTurn,
      moved: ({ readings, chunks, damagedBlocks }) => {
        options.log('debug', 'store-compacted', { readings, chunks });
        if (damagedBlocks.length > 0) options.log('error', 'store-damaged', { blocks: damagedBlocks.length });
      },
      failed: (error) => {
        options.log('warn', 'compaction-failed', { reason: reasonOf(error) });
      },
    });
    this.#compaction.start();
  }

  append(batch: Batch): Promise<Appended> {
    return this.#inOrder(async () => {
      try {
        const { duplicates, dropped } = await this.#write(batch);
        for (const one of dropped) this.#options.dropped(one);
        return { duplicates };
      } catch (error) {
        // Whether its words are stored is not certain: the next batch brings its own.
        this.#packer.reset();
        throw error;
      }
    });
  }

  async *query(query: Query, signal?: AbortSignal): AsyncGenerator<UnitReading, void, undefined> {
    for await (const { readings } of this.#pages({ type: 'readings', query }, signal)) yield* readings;
  }

  async *steps(query: StepQuery, signal?: AbortSignal): AsyncGenerator<SeriesStep, void, undefined> {
    for await (const { steps } of this.#pages({ type: 'steps', query }, signal)) {
      for (const step of steps === undefined ? [] : unpackSteps(steps)) {
        // A page may have thousands.
        if (signal?.aborted === true) return;
        yield step;
      }
    }
  }

  units(): Promise<readonly UnitRecord[]> {
    return this.#records('units', parseUnit);
  }

  machines(): Promise<readonly MachineRecord[]> {
    return this.#records('machines', parseMachine);
  }

  tokens(): Promise<readonly JoinTokenRecord[]> {
    return this.#records('tokens', parseToken);
  }

  highestSeq(clientId: string, epoch: string): Promise<number> {
    return this.#inOrder(async () => {
      const reply = await this.#options.writer.request({ type: 'highest', clientId, epoch });
      return replyOf(reply, 'highest').seq;
    });
  }

  async events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[]> {
    const { reader, folder, log, leftOut } = this.#options;
    if (this.#closed !== undefined) throw closed(folder);
    const { events, damaged } = replyOf(await reader.request({ type: 'events', clientId, fromMs, toMs }), 'events');
    if (damaged > 0) {
      log('error', 'store-damaged', { events: damaged, client_id: clientId });
      leftOut?.(damaged);
    }
    return events;
  }

  bytes(): Promise<number> {
    return bytesOfFiles(this.#options.folder);
  }

  async gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapRecord[]> {
    if (this.#closed !== undefined) throw closed(this.#options.folder);
    return replyOf(await this.#options.reader.request({ type: 'gaps', clientId, fromMs, toMs }), 'gaps').gaps;
  }

  lastKnown(): Promise<LastKnown> {
    return this.#inOrder(
      async () => replyOf(await this.#options.writer.request({ type: 'last-known' }), 'last-known').known,
    );
  }

  /** Moves all that is sealed into chunks now. Rejects with a coded error; true where all was done. */
  compact(): Promise<boolean> {
    return this.#compaction.runToEnd();
  }

  /** Finishes what is in hand and lets go of the files. What comes later is rejected. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { reader, writer } = this.#options;
    await Promise.all([this.#retention.stop(), this.#compaction.stop()]);
    await this.#last;
    for (const thread of [reader, writer]) {
      if (!thread.runs) continue;
      await thread.request({ type: 'close' });
      await thread.ended();
    }
  }

  /** A page may be empty. */
  async *#pages(asked: Asked, signal: AbortSignal | undefined): AsyncGenerator<Page, void, undefined> {
    const { reader, folder, log } = this.#options;
    this.#queries += 1;
    const number = this.#queries;
    let damaged = 0;
    let isLast = false;
    try {
      for (let first: Asked | undefined = asked; !isLast; first = undefined) {
        if (this.#closed !== undefined) throw closed(folder);
        // Only here does a long search for nothing end.
        if (signal?.aborted === true) return;
        const { page } = replyOf(await reader.request({ type: 'page', number, asked: first }), 'page');
        damaged += page.damaged;
        isLast = page.isLast;
        yield page;
      }
    } finally {
      if (!isLast && this.#closed === undefined) await reader.request({ type: 'end-query', number });
      const clientId = asked.query.clientId;
      if (damaged > 0) {
        log('error', 'store-damaged', { blocks: damaged, client_id: clientId });
        this.#options.leftOut?.(damaged);
      }
    }
  }

  /** One after the other: the words of a batch are numbered after those of the batch before it, if that is stored. */
  #inOrder<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#closed !== undefined) return Promise.reject(closed(this.#options.folder));
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #write(batch: Batch): Promise<Written> {
    const packed = packBatch(batch, this.#options.clock.wallMs(), this.#packer);
    const transfer = packed.blocks.map(({ bytes }) => bytes.buffer);
    const reply = await this.#options.writer.request({ type: 'append', batch: packed }, transfer);
    return replyOf(reply, 'written').written;
  }

  /** Rejects where one of them is damaged: a server that did not know of it would give its name to whoever asks next. */
  #records<Kept>(
    type: 'units' | 'machines' | 'tokens',
    parse: (record: string) => Kept | undefined,
  ): Promise<readonly Kept[]> {
    return this.#inOrder(async () => {
      const { records } = replyOf(await this.#options.writer.request({ type }), type);
      return records.map((record) => {
        const kept = parse(record);
        if (kept === undefined) throw storeFault(new Damage(`a record in ${type}`), this.#options.folder);
        return kept;
      });
    });
  }

  async #retain(nowMs: number | undefined): Promise<RetainStep> {
    const { step } = replyOf(await this.#options.writer.request({ type: 'retain', nowMs }), 'retained');
    if (step.dropped !== undefined) this.#options.dropped(step.dropped);
    return step;
  }
}

function closed(folder: string): CodedError {
  return new CodedError('store-unavailable', `${folder}: the store is closed; start the server again`);
}
