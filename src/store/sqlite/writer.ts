import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../../core/assert.ts';
import type { LastKnown } from '../contract.ts';
import { checksum } from './block.ts';
import { addBlock, connect, type Connection } from './connection.ts';
import { openForWriting } from './database.ts';
import { addToMove, endMove, replaceChunks, tidy, type AddedChunks } from './chunks/chunk-writer.ts';
import type { Merge } from './chunks/merge.ts';
import type { MovedWindow } from './chunks/move.ts';
import { bytesOfChunks } from './chunks/packed-chunk.ts';
import { dropGapsAndEvents, dropOldest, dropSegment, emptySegment } from './dropping.ts';
import { writeEvents } from './event-record.ts';
import { storeFault } from './faults.ts';
import { writeGap } from './gap-record.ts';
import { wholeRecordIn } from './keyed-record.ts';
import { lastKnown } from './last-known.ts';
import { writeMachine } from './machine-record.ts';
import type { PackedBatch, RetainStep, Written } from './messages.ts';
import { bytesOfBatch } from './packed-batch.ts';
import { makeRoom, nextToDrop, type RetentionMs } from './room.ts';
import { integerIn } from './row.ts';
import { storedMark } from './mark.ts';
import { bytesOfFile, logPagesOf, spaceLimits, type SpaceLimits } from './space.ts';
import { writeToken } from './token-record.ts';
import { recordIn } from './unit-record.ts';

export interface WriterOptions {
  readonly folder: string;
  readonly retentionMs: RetentionMs;
  readonly budgetBytes: number | undefined;
  /** Changed with every reply (serve.ts). */
  readonly wakeCell?: Int32Array | undefined;
  /** Units whose part of a seal goes with one commit; a test gives fewer. */
  readonly sealedUnitsMax?: number;
  /** Opens the database; a test gives one that fails. */
  readonly open?: (folder: string) => DatabaseSync;
}

/** What a step of dropping adds to the log, about: the blocks that go leave a page each, and the maps of pages change. */
const pagesADrop = 64 * logPagesOf(0);
/** A unit's mark and its span in a segment, about. */
const bytesASealedUnit = 160;
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
      const { statements } = connection;
      const { begin, commit, addUnit } = statements;
      connection.storedMs = batch.storedMs;
      begin.run();
      const dropped = makeRoom(bytesOfBatch(batch), this.#limits, connection);
      const duplicates: number[] = [];
      let before = 0;
      for (const block of batch.blocks) {
        const { readings, repeated } = addBlock(block, batch.storedMs, connection);
        for (const index of repeated) duplicates.push(before + index);
        before += readings;
      }
      const sealed = connection.segment?.sealFormer(connection.sealedUnitsMax) ?? 0;
      for (const [clientId, record] of batch.units) addUnit.run(clientId, checksum(record), record);
      for (const gap of batch.gaps) writeGap(gap, batch.storedMs, statements);
      for (const machine of batch.machines) writeMachine(machine, statements);
      for (const token of batch.tokens) writeToken(token, statements);
      if (batch.events !== undefined) writeEvents(batch.events, connection);
      commit.run();
      this.#logPages += logPagesOf(bytesOfBatch(batch) + sealed * bytesASealedUnit);
      return { duplicates, dropped };
    });
  }

  units(): readonly string[] {
    return this.#attempt(({ statements }) => statements.units.all().map(recordIn));
  }

  machines(): readonly string[] {
    return this.#attempt(({ statements }) => statements.machines.all().map((row) => wholeRecordIn(row, 'machine')));
  }

  tokens(): readonly string[] {
    return this.#attempt(({ statements }) => statements.tokens.all().map((row) => wholeRecordIn(row, 'join token')));
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
      const { statements, database } = connection;
      const old = nextToDrop({ nowMs, retentionMs: this.#options.retentionMs }, this.#limits, connection);
      const empty = emptySegment(connection);
      if (old === undefined && empty === undefined) {
        const more = dropGapsAndEvents(nowMs, connection);
        return { dropped: undefined, more: this.#shrink(connection) || more };
      }
      statements.begin.run();
      if (empty !== undefined) dropSegment(empty, connection);
      const dropped = old && dropOldest(old.oldest, old.goal, connection);
      statements.commit.run();
      assert(!database.isTransaction, 'a step of retention ends its transaction');
      this.#logPages += pagesADrop;
      return { dropped, more: true };
    });
  }

  /** One step of taking away what was moved into chunks, or belongs to a move that did not end; true where there may be more. */
  tidy(): boolean {
    return this.#attempt((connection) => {
      this.#logPages += pagesADrop;
      return tidy(connection);
    });
  }

  /** Adds chunks of a move, which nobody sees before it ends; false where the move that they go on with is gone. */
  addChunks(added: AddedChunks): boolean {
    return this.#attempt((connection) => {
      for (const { chunks } of added.series) this.#logPages += logPagesOf(bytesOfChunks(chunks));
      return addToMove(added, connection);
    });
  }

  /** The chunks of a move take the place of its blocks; false where some of either are gone: then the chunks go. */
  endMove(window: MovedWindow): boolean {
    return this.#attempt((connection) => {
      this.#logPages += logPagesOf(0);
      return endMove(window, connection);
    });
  }

  /** Puts chunks in the place of smaller ones; false where some of those are gone. */
  replaceChunks(merge: Merge): boolean {
    return this.#attempt((connection) => {
      this.#logPages += logPagesOf(bytesOfChunks(merge.chunks)) + merge.replaced.length;
      return replaceChunks(merge, connection);
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
      this.#connection ??= connect(open(folder), this.#limits, this.#options.sealedUnitsMax);
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
