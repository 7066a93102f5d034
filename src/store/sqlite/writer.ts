import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../../core/assert.ts';
import type { LastKnown } from '../contract.ts';
import { checksum } from './block.ts';
import { addBlock, connect, type Connection } from './connection.ts';
import { openForWriting } from './database.ts';
import { dropBlocks, dropGaps, dropSegment, emptySegment, oldBlocks, type Dropped, type DropGoal } from './dropping.ts';
import { storeFault } from './faults.ts';
import { writeGap } from './gap-record.ts';
import { lastKnown } from './last-known.ts';
import type { PackedBatch, RetainStep, Written } from './messages.ts';
import { integerIn } from './row.ts';
import { storedMark } from './mark.ts';
import { bytesInUse, bytesOfFile, logPagesOf, spaceLimits, type SpaceLimits } from './space.ts';
import type { Statements } from './statements.ts';
import { recordIn } from './unit-record.ts';

export interface WriterOptions {
  readonly folder: string;
  readonly retentionMs: number | undefined;
  readonly budgetBytes: number | undefined;
  /** Opens the database; a test gives one that fails. */
  readonly open?: (folder: string) => DatabaseSync;
}

/** Steps of dropping within one append; a budget that is lowered by much is met by retention, step by step. */
const stepsAnAppendMax = 4;
/** Pages that one step gives back to the file system, at most. */
const vacuumPagesMax = 1_024;

/**
 * Writes the store, one transaction a batch. After a failure it forgets the connection and all that it knew, and the next batch opens the
 * database anew: what is on the disk is the truth. Throws coded errors, but for faults of our own.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #limits: SpaceLimits;
  #connection: Connection | undefined;
  #logPages = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#limits = spaceLimits(options.budgetBytes);
  }

  /** Opens the store, or throws why it cannot be. */
  open(): void {
    this.#attempt(() => undefined);
  }

  /** Stores the batch, or throws and stores nothing. */
  append(batch: PackedBatch): Written {
    return this.#attempt((connection) => {
      const { begin, commit, addUnit } = connection.statements;
      begin.run();
      const dropped = this.#makeRoom(batch, connection);
      const duplicates: number[] = [];
      let before = 0;
      for (const block of batch.blocks) {
        const { readings, repeated } = addBlock(block, batch.storedMs, connection);
        for (const index of repeated) duplicates.push(before + index);
        before += readings;
      }
      for (const [clientId, record] of batch.units) addUnit.run(clientId, checksum(record), record);
      for (const gap of batch.gaps) writeGap(gap, batch.storedMs, connection.statements);
      commit.run();
      this.#logPages += logPagesOf(bytesOf(batch));
      return { duplicates, dropped };
    });
  }

  units(): readonly string[] {
    return this.#attempt(({ statements }) => statements.units.all().map(recordIn));
  }

  highestSeq(clientId: string, epoch: string): number {
    return this.#attempt(
      ({ segment, statements }) => segment?.highestSeq(clientId, epoch) ?? storedMark(statements, clientId, epoch),
    );
  }

  lastKnown(): LastKnown {
    return this.#attempt(lastKnown);
  }

  /** One step of dropping what is too old, or too much. Without `nowMs` nothing is too old. */
  retain(nowMs: number | undefined): RetainStep {
    return this.#attempt((connection) => {
      const { statements, segment, nextBlock, database } = connection;
      const old = this.#goals(nowMs, statements)
        .map((goal) => ({ goal, blocks: oldBlocks(goal, statements) }))
        .find(({ blocks }) => blocks.length > 0);
      const empty = emptySegment(statements, nextBlock);
      if (old === undefined && empty === undefined) {
        const more = dropGaps(nowMs, statements);
        return { dropped: undefined, more: this.#shrink(connection) || more };
      }
      statements.begin.run();
      if (empty !== undefined) dropSegment(empty, statements, segment);
      const dropped = old && { reason: reasonOf(old.goal), ...dropBlocks(old.blocks, statements, segment) };
      statements.commit.run();
      assert(!database.isTransaction, 'a step of retention ends its transaction');
      this.#logPages += logPagesOf(0) * (1 + (old?.blocks.length ?? 0));
      return { dropped, more: true };
    });
  }

  /** Writes the log back into the database once it is long. Between commits, so that no acknowledgement waits for it. */
  checkpoint(): void {
    if (this.#logPages < this.#limits.logPagesMax || this.#connection === undefined) return;
    this.#logPages = 0;
    try {
      this.#connection.statements.checkpoint.run();
    } catch {
      // The log keeps all until a later checkpoint; what is wrong with the disk, the next commit tells.
    }
  }

  /** Ends the segment, so that the next start has nothing to read again, and lets go of the files. */
  close(): void {
    try {
      this.#seal();
    } catch {
      // The segment stays as it is, and the next start seals it.
    }
    this.#forget();
  }

  #attempt<Result>(task: (connection: Connection) => Result): Result {
    const { folder, open = openForWriting } = this.#options;
    try {
      this.#connection ??= connect(open(folder), this.#limits);
      return task(this.#connection);
    } catch (error) {
      this.#forget();
      throw storeFault(error, folder);
    }
  }

  #seal(): void {
    const { segment, statements } = this.#connection ?? {};
    if (segment === undefined || statements === undefined) return;
    statements.begin.run();
    segment.seal();
    statements.commit.run();
  }

  #forget(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    try {
      connection?.database.close();
    } catch {
      // It failed before, and that is told. Closing rolls back what was not committed.
    }
  }

  /** Drops the oldest so that the batch does not make the file grow beyond its budget. */
  #makeRoom(batch: PackedBatch, { statements, segment }: Connection): Dropped | undefined {
    if (this.#limits.databaseBytesMax === Number.POSITIVE_INFINITY) return undefined;
    let all: Dropped | undefined;
    for (let step = 0; step < stepsAnAppendMax; step += 1) {
      const over = bytesInUse(statements) + bytesOf(batch) - this.#limits.databaseBytesMax;
      const blocks = over <= 0 ? [] : oldBlocks({ bytes: over }, statements);
      if (blocks.length === 0) break;
      const dropped = dropBlocks(blocks, statements, segment);
      all = {
        reason: 'budget',
        droppedReadings: dropped.droppedReadings + (all?.droppedReadings ?? 0),
        fromMs: Math.min(dropped.fromMs, all?.fromMs ?? dropped.fromMs),
        throughMs: Math.max(dropped.throughMs, all?.throughMs ?? dropped.throughMs),
      };
    }
    return all;
  }

  #goals(nowMs: number | undefined, statements: Statements): readonly DropGoal[] {
    const { retentionMs } = this.#options;
    const over = bytesInUse(statements) - this.#limits.databaseBytesMax;
    return [
      ...(retentionMs === undefined || nowMs === undefined ? [] : [{ beforeMs: nowMs - retentionMs, nowMs }]),
      ...(over > 0 ? [{ bytes: over }] : []),
    ];
  }

  /** Gives free pages back where the file is larger than it may be: its budget was lowered. True where there may be more. */
  #shrink({ database, statements }: Connection): boolean {
    const free = integerIn(statements.freePages.get(), 'freelist_count');
    if (free === 0 || bytesOfFile(statements) <= this.#limits.databaseBytesMax) return false;
    const pages = Math.min(vacuumPagesMax, this.#limits.logPagesMax);
    database.exec(`PRAGMA incremental_vacuum(${pages})`);
    // The file ends where it should only when the log is written back.
    this.#logPages = this.#limits.logPagesMax;
    return true;
  }
}

function reasonOf(goal: DropGoal): Dropped['reason'] {
  return 'bytes' in goal ? 'budget' : 'age';
}

function bytesOf({ blocks, units, gaps }: PackedBatch): number {
  const inBlocks = blocks.reduce((sum, { bytes, words }) => sum + bytes.length + (words?.length ?? 0) + 64, 0);
  const inGaps = gaps.reduce((sum, { record }) => sum + (record?.length ?? 0) + 128, inBlocks);
  return units.reduce((sum, [clientId, record]) => sum + clientId.length + record.length + 64, inGaps);
}
