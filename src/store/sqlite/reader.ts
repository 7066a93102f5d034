import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { GapRecord } from '../../core/gap.ts';
import type { UnitReading } from '../../core/reading.ts';
import type { Query } from '../contract.ts';
import { checksum, decodeBlock, type Block } from './block.ts';
import { openForReading } from './database.ts';
import { storeFault } from './faults.ts';
import { gapsIn } from './gap-record.ts';
import type { Cursor, Page } from './messages.ts';
import { bytesIn, integerIn } from './row.ts';
import { SegmentWords } from './segment-words.ts';
import { WantedWords, type Wanted } from './wanted-words.ts';
import { readingAt, type Words } from './words.ts';

/** Readings of a page: what the thread that asked takes over in a millisecond. */
const pageReadingsMax = 256;
/** Readings that are looked at for a page, so that queries take turns, and one that nobody wants any more ends. */
const pageScanMax = 500_000;

interface Statements {
  readonly lastBlock: StatementSync;
  readonly segmentFrom: StatementSync;
  readonly presence: StatementSync;
  readonly blockFrom: StatementSync;
  readonly gaps: StatementSync;
}

interface Connection {
  readonly database: DatabaseSync;
  readonly statements: Statements;
  readonly words: SegmentWords;
  readonly wanted: WantedWords;
}

/** A page that is being filled. */
interface Filling {
  readonly query: Query;
  readonly lastBlock: number;
  readonly readings: UnitReading[];
  scanned: number;
  damagedBlocks: number;
}

/**
 * Reads the store over a connection of its own. It holds one block at a time, and no transaction between two pages: a query that is read slowly keeps
 * nothing from being written back or dropped.
 */
export class Reader {
  readonly #folder: string;
  readonly #open: (folder: string) => DatabaseSync;
  #connection: Connection | undefined;

  /** `open` opens the database; a test gives one that is on no disk. */
  constructor(folder: string, open: (folder: string) => DatabaseSync = openForReading) {
    this.#folder = folder;
    this.#open = open;
  }

  /** The next readings that match, in order of arrival; without a cursor the first, of all that is stored when they are read. */
  page(query: Query, cursor: Cursor | undefined): Page {
    return this.#attempt((connection) => fill(query, cursor, connection));
  }

  #attempt<Result>(task: (connection: Connection) => Result): Result {
    try {
      this.#connection ??= connect(this.#open(this.#folder));
      return task(this.#connection);
    } catch (error) {
      this.close();
      throw storeFault(error, this.#folder);
    }
  }

  /** The gaps of a unit that touch this time; one whose record is damaged is left out. */
  gaps(asked: { readonly clientId: string; readonly fromMs: number; readonly toMs: number }): readonly GapRecord[] {
    return this.#attempt(({ statements }) => gapsIn(statements.gaps.all(asked.clientId, asked.toMs, asked.fromMs)));
  }

  close(): void {
    this.#connection?.database.close();
    this.#connection = undefined;
  }
}

function connect(database: DatabaseSync): Connection {
  return {
    database,
    statements: {
      lastBlock: database.prepare('SELECT ifnull(max(block), 0) AS block FROM blocks'),
      segmentFrom: database.prepare(
        'SELECT segment, first_block, sealed FROM segments WHERE segment >= ? ORDER BY segment LIMIT 2',
      ),
      presence: database.prepare('SELECT from_ms, to_ms FROM presence WHERE segment = ? AND client_id = ?'),
      blockFrom: database.prepare(
        'SELECT block, checksum, data FROM blocks WHERE block >= ? AND block <= ? ORDER BY block LIMIT 1',
      ),
      gaps: database.prepare(
        `SELECT checksum, record FROM gaps
         WHERE client_id = ? AND from_ms < ? AND (to_ms IS NULL OR to_ms >= ?) ORDER BY number`,
      ),
    },
    words: new SegmentWords(
      database.prepare('SELECT part, checksum, text FROM words WHERE segment = ? AND part >= ? ORDER BY part'),
    ),
    wanted: new WantedWords(),
  };
}

function fill(query: Query, cursor: Cursor | undefined, connection: Connection): Page {
  const { statements } = connection;
  const lastBlock = cursor?.lastBlock ?? integerIn(statements.lastBlock.get(), 'block');
  const filling: Filling = { query, lastBlock, readings: [], scanned: 0, damagedBlocks: 0 };
  let from = cursor;
  for (;;) {
    const [row, following] = statements.segmentFrom.all(from?.segment ?? 0);
    if (row === undefined || integerIn(row, 'first_block') > lastBlock) return pageOf(filling, undefined);
    const segment = integerIn(row, 'segment');
    // The segment of the cursor may have been dropped since.
    if (from?.segment !== segment) from = beginningOf(row, lastBlock);
    const end = following === undefined ? lastBlock : Math.min(lastBlock, integerIn(following, 'first_block') - 1);
    if (integerIn(row, 'sealed') === 0 || mayHold(segment, query, statements)) {
      const next = fillFrom(segment, { from, end }, { filling, connection });
      if (next !== undefined) return pageOf(filling, { ...next, segment, lastBlock });
    }
    if (following === undefined) return pageOf(filling, undefined);
    from = beginningOf(following, lastBlock);
  }
}

/** Where the page is full before the segment ends. */
function fillFrom(
  segment: number,
  { from, end }: { readonly from: Cursor; readonly end: number },
  { filling, connection }: { readonly filling: Filling; readonly connection: Connection },
): { readonly block: number; readonly index: number } | undefined {
  const words = connection.words.of(segment);
  const wanted = connection.wanted.of(segment, words, filling.query);
  if (!wanted.any) return undefined;
  let { block: number, index } = from;
  for (;;) {
    const row = connection.statements.blockFrom.get(number, end);
    if (row === undefined) return undefined;
    const found = integerIn(row, 'block');
    if (found !== number) index = 0;
    const bytes = bytesIn(row, 'data');
    const block = checksum(bytes) === integerIn(row, 'checksum') ? decodeBlock(bytes) : undefined;
    if (block === undefined) {
      filling.damagedBlocks += 1;
    } else {
      const next = take(block, index, { words, wanted, filling });
      if (next < block.seqs.length) return { block: found, index: next };
    }
    number = found + 1;
    index = 0;
    if (filling.scanned >= pageScanMax || filling.readings.length >= pageReadingsMax) return { block: number, index };
  }
}

/** Takes from reading `from` on what matches, until the page is full; the index of the first reading that was not looked at. */
function take(
  block: Block,
  from: number,
  { words, wanted, filling }: { readonly words: Words; readonly wanted: Wanted; readonly filling: Filling },
): number {
  const { fromMs, toMs } = filling.query;
  const count = block.seqs.length;
  let valueOffset = 0;
  let index = 0;
  for (; index < count; index += 1) {
    if (filling.readings.length >= pageReadingsMax) break;
    const streamNumber = block.streams[index] ?? 0;
    const shapeNumber = block.shapes[index] ?? 0;
    const time = block.times[index] ?? 0;
    const valueCount = words.valueCounts[shapeNumber];
    // Without the words of a reading, nobody knows where the values of those after it begin.
    if (valueCount === undefined) {
      filling.damagedBlocks += 1;
      return count;
    }
    const matches =
      index >= from &&
      time >= fromMs &&
      time < toMs &&
      wanted.streams[streamNumber] === 1 &&
      wanted.shapes[shapeNumber] === 1;
    const stream = matches ? words.streams[streamNumber] : undefined;
    const shape = matches ? words.shapes[shapeNumber] : undefined;
    if (stream !== undefined && shape !== undefined) {
      filling.readings.push(readingAt(block, index, valueOffset, stream, shape));
    }
    valueOffset += valueCount;
  }
  filling.scanned += index - from;
  return index;
}

/** Whether the unit has readings of that time in a sealed segment. */
function mayHold(segment: number, { clientId, fromMs, toMs }: Query, { presence }: Statements): boolean {
  const row = presence.get(segment, clientId);
  return row !== undefined && integerIn(row, 'from_ms') < toMs && integerIn(row, 'to_ms') >= fromMs;
}

function beginningOf(segment: Record<string, SQLOutputValue>, lastBlock: number): Cursor {
  return { segment: integerIn(segment, 'segment'), block: integerIn(segment, 'first_block'), index: 0, lastBlock };
}

function pageOf({ readings, damagedBlocks }: Filling, next: Cursor | undefined): Page {
  return { readings, damagedBlocks, next };
}
