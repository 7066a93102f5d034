import type { Clock } from '../../core/clock.ts';
import { CodedError } from '../../core/coded-error.ts';
import type { Log } from '../../core/log.ts';
import type { GapRecord } from '../../core/gap.ts';
import type { UnitReading } from '../../core/reading.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { UnitRecord } from '../../core/unit.ts';
import type { Appended, Batch, Directory, LastKnown, Query, Store } from '../contract.ts';
import type { Dropped } from './dropping.ts';
import type {
  Cursor,
  ReaderReply,
  ReaderRequest,
  RetainStep,
  WriterReply,
  WriterRequest,
  Written,
} from './messages.ts';
import { Damage, storeFault } from './faults.ts';
import { packGap } from './gap-record.ts';
import { Packer } from './packer.ts';
import { Retention } from './retention.ts';
import type { Answering } from './thread.ts';
import { parseUnit } from './unit-record.ts';

export interface SqliteStoreOptions {
  readonly folder: string;
  readonly writer: Answering<WriterRequest, WriterReply>;
  readonly reader: Answering<ReaderRequest, ReaderReply>;
  readonly clock: Clock;
  readonly log: Log;
  readonly dropped: (dropped: Dropped) => void;
}

/** The store on disk: one thread writes, one reads. */
export class SqliteStore implements Store, Directory {
  readonly #options: SqliteStoreOptions;
  readonly #packer = new Packer();
  readonly #retention: Retention;
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  /** Of an open writer. */
  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#retention = new Retention({
      clock: options.clock,
      step: (nowMs) => this.#retain(nowMs),
      failed: (error) => {
        options.log('warn', 'retention-failed', { reason: reasonOf(error) });
      },
    });
  }

  append(batch: Batch): Promise<Appended> {
    return this.#inOrder(async () => {
      try {
        const { duplicates, dropped } = await this.#write(batch);
        if (dropped !== undefined) this.#options.dropped(dropped);
        return { duplicates };
      } catch (error) {
        // Whether its words are stored is not certain: the next batch brings its own.
        this.#packer.reset();
        throw error;
      }
    });
  }

  async *query(query: Query, signal?: AbortSignal): AsyncGenerator<UnitReading, void, undefined> {
    let cursor: Cursor | undefined;
    let damagedBlocks = 0;
    do {
      if (this.#closed !== undefined) throw closed(this.#options.folder);
      // A page may be empty: only here does a long search for nothing end.
      if (signal?.aborted === true) return;
      const { page } = replyOf(await this.#options.reader.request({ type: 'page', query, cursor }), 'page');
      damagedBlocks += page.damagedBlocks;
      yield* page.readings;
      cursor = page.next;
    } while (cursor !== undefined);
    if (damagedBlocks > 0)
      this.#options.log('error', 'store-damaged', { blocks: damagedBlocks, client_id: query.clientId });
  }

  units(): Promise<readonly UnitRecord[]> {
    return this.#inOrder(async () => {
      const { records } = replyOf(await this.#options.writer.request({ type: 'units' }), 'units');
      return records.map((record) => {
        const unit = parseUnit(record);
        if (unit === undefined) throw storeFault(new Damage('the record of a unit'), this.#options.folder);
        return unit;
      });
    });
  }

  highestSeq(clientId: string, epoch: string): Promise<number> {
    return this.#inOrder(async () => {
      const reply = await this.#options.writer.request({ type: 'highest', clientId, epoch });
      return replyOf(reply, 'highest').seq;
    });
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

  /** Finishes what is in hand and lets go of the files. What comes later is rejected. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { reader, writer } = this.#options;
    await this.#retention.stop();
    await this.#last;
    for (const thread of [reader, writer]) {
      if (!thread.runs) continue;
      await thread.request({ type: 'close' });
      await thread.ended();
    }
  }

  /** One after the other: the words of a batch are numbered after those of the batch before it, if that is stored. */
  #inOrder<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#closed !== undefined) return Promise.reject(closed(this.#options.folder));
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #write({ readings, units, gaps = [] }: Batch): Promise<Written> {
    const blocks = this.#packer.pack(readings);
    const batch = {
      storedMs: this.#options.clock.wallMs(),
      blocks,
      units: units.map((unit) => [unit.clientId, JSON.stringify(unit)] as const),
      gaps: gaps.map(packGap),
    };
    const transfer = blocks.map(({ bytes }) => bytes.buffer);
    const reply = await this.#options.writer.request({ type: 'append', batch }, transfer);
    return replyOf(reply, 'written').written;
  }

  async #retain(nowMs: number | undefined): Promise<RetainStep> {
    const { step } = replyOf(await this.#options.writer.request({ type: 'retain', nowMs }), 'retained');
    if (step.dropped !== undefined) this.#options.dropped(step.dropped);
    return step;
  }
}

function replyOf<Reply extends { readonly type: string }, Type extends Reply['type']>(
  reply: Reply,
  type: Type,
): Extract<Reply, { readonly type: Type }> {
  if (reply.type !== type) throw new Error(`invariant broken: ${reply.type} answers what wants ${type}`);
  return reply as Extract<Reply, { readonly type: Type }>;
}

function closed(folder: string): CodedError {
  return new CodedError('store-unavailable', `${folder}: the store is closed; start the server again`);
}
