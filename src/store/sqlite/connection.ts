import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../../core/assert.ts';
import { reasonOf } from '../../core/system-error.ts';
import { checksum, decodeBlock, encodeBlock, withoutReadings } from './block.ts';
import { readProgress, type Progress } from './chunks/progress.ts';
import { pageBytes } from './database.ts';
import type { PackedBlock } from './packer.ts';
import { recover } from './recovery.ts';
import { Damage, sqliteCodeOf } from './faults.ts';
import { integerIn } from './row.ts';
import { Segment } from './segment.ts';
import type { SpaceLimits } from './space.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { parseWords } from './words.ts';

/** A millisecond or two of a commit. */
const sealedUnitsMaxDefault = 64;

/** The database while it is open for writing, and where writing goes on. */
export interface Connection {
  readonly database: DatabaseSync;
  readonly statements: Statements;
  /** The last segment, unless it is sealed. Blocks go on with it until one begins another. */
  segment: Segment | undefined;
  nextSegment: number;
  nextBlock: number;
  progress: Progress;
  nextChunk: number;
  /** When the last batch was stored, by the server's clock; undefined before the first of this connection. */
  storedMs: number | undefined;
  /** Chunks that the move which is under way has added so far; undefined where none is. */
  moving: number | undefined;
  /** Units whose part of a seal goes with one commit. */
  readonly sealedUnitsMax: number;
  /** By unit: events on this connection since what is too much of it was taken away. */
  readonly untrimmedEvents: Map<string, number>;
}

/** Takes up an open database. Writes nothing, so that a full disk can be read from. Closes it where that fails. */
export function connect(
  database: DatabaseSync,
  limits: SpaceLimits,
  sealedUnitsMax = sealedUnitsMaxDefault,
): Connection {
  try {
    database.exec(`PRAGMA journal_size_limit = ${limits.logPagesMax * pageBytes}`);
    const statements = prepareForTables(database);
    const progress = readProgress(statements.progress);
    const position = recover(statements, progress.movedBlock);
    const nextChunk = Math.max(progress.lastChunk, integerIn(statements.lastChunk.get(), 'chunk')) + 1;
    return {
      database,
      statements,
      ...position,
      progress,
      nextChunk,
      storedMs: undefined,
      moving: undefined,
      sealedUnitsMax,
      untrimmedEvents: new Map(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLITE_ERROR, for statements that never change, says that the tables are not as they were made. */
function prepareForTables(database: DatabaseSync): Statements {
  try {
    return prepareStatements(database);
  } catch (error) {
    throw sqliteCodeOf(error) === 1 ? new Damage(`the tables: ${reasonOf(error)}`) : error;
  }
}

/** Stores a block within the caller's transaction, without the readings that are stored already, whose indexes are `repeated`. */
export function addBlock(
  { fresh, words, bytes }: PackedBlock,
  storedMs: number,
  connection: Connection,
): { readonly readings: number; readonly repeated: readonly number[] } {
  const { statements } = connection;
  const segment = fresh ? beginSegment(connection) : connection.segment;
  assert(segment !== undefined, 'a block goes on with a segment, or begins one');
  if (words !== undefined) {
    const parsed = parseWords(words);
    assert(parsed !== undefined, 'words are packed in their form');
    statements.addWords.run(segment.number, segment.parts, checksum(words), words);
    segment.define(parsed);
  }
  const block = decodeBlock(bytes);
  assert(block !== undefined, 'blocks are packed in their form');
  const readings = block.seqs.length;
  const repeated = segment.take(block);
  if (repeated.length === readings) return { readings, repeated };
  const stored =
    repeated.length === 0 ? bytes : encodeBlock(withoutReadings(block, repeated, segment.words.valueCounts));
  statements.addBlock.run(connection.nextBlock, storedMs, readings - repeated.length, checksum(stored), stored);
  connection.nextBlock += 1;
  return { readings, repeated };
}

function beginSegment(connection: Connection): Segment {
  const { statements, nextSegment, nextBlock, segment: former } = connection;
  // Mostly done long ago.
  former?.sealFormer();
  statements.addSegment.run(nextSegment, nextBlock);
  const segment = new Segment({ number: nextSegment, firstBlock: nextBlock, former }, statements);
  connection.segment = segment;
  connection.nextSegment += 1;
  return segment;
}
