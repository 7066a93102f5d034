import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import { checksum, type Block } from './block.ts';
import { blockIn } from './block-row.ts';
import { databaseFile, openForReading } from './database.ts';
import { Damage, storeFault } from './faults.ts';
import { markChecksum, type Mark } from './mark.ts';
import { segmentBlocksMax } from './packer.ts';
import { integerIn } from './row.ts';
import { versionOf } from './schema.ts';
import { parseUnit } from './unit-record.ts';
import { parseWords, Words, type NewWords } from './words.ts';

type Row = Record<string, SQLOutputValue>;

/** A segment as far as it can be read. */
export interface FoundSegment {
  readonly number: number;
  readonly sealed: boolean;
  readonly words: Words;
  readonly blocks: Iterable<FoundBlock>;
}

export interface FoundBlock {
  readonly number: number;
  readonly storedMs: number;
  readonly block: Block;
}

export const unitsTable = { table: 'units', columns: 'client_id, checksum, record', key: 'number' };
export const gapsTable = { table: 'gaps', columns: 'client_id, number, checksum, record', key: 'client_id, number' };
export const marksTable = {
  table: 'marks',
  columns: 'client_id, epoch, seq, segment, checksum',
  key: 'client_id, epoch',
};

/** Told of each damage, in words, with how many readings it costs where that is known. */
export type TellDamage = (words: string, lostReadings?: number) => void;

/**
 * Opens the store as it is now, whether a server runs on it or not: until it is closed it shows this moment. Throws `store-missing`, `store-too-new`, or why it
 * cannot be opened at all.
 */
export function openForInspection(folder: string): DatabaseSync {
  if (!existsSync(databaseFile(folder))) {
    throw new CodedError('store-missing', `${folder}: there is no store; give the folder of the server's --data-dir`);
  }
  try {
    const database = openForReading(folder);
    try {
      database.exec('BEGIN');
      if (versionOf(database, folder) === 0) throw new Damage('it is empty');
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  } catch (error) {
    throw storeFault(error, folder);
  }
}

/** The segments, oldest first, and in each the blocks behind `movedBlock` that can be read. A damaged page costs what lies on it. */
export function* segmentsIn(database: DatabaseSync, movedBlock: number, tell: TellDamage): Generator<FoundSegment> {
  const rows = rowsOf(database, { table: 'segments', columns: 'segment, first_block, sealed', key: 'segment' }, tell);
  for (const [index, row] of rows.entries()) {
    const following = rows[index + 1];
    const number = integerIn(row, 'segment');
    const firstBlock = integerIn(row, 'first_block');
    // After the last segment, and before one whose row is lost, a segment has this many at most.
    const most = firstBlock + segmentBlocksMax;
    const end = following === undefined ? most : Math.min(most, integerIn(following, 'first_block'));
    const words = wordsOf(database, number, tell);
    const blocks = blocksOf(database, { firstBlock: Math.max(firstBlock, movedBlock + 1), end }, tell);
    yield { number, sealed: integerIn(row, 'sealed') === 1, words, blocks };
  }
}

interface Table {
  readonly table: string;
  readonly columns: string;
  readonly key: string;
}

/**
 * The rows of a table in the order of its key. Where a page in their midst is damaged, those before it and those after it. The names are this program's own.
 */
export function rowsOf(database: DatabaseSync, table: Table, tell: TellDamage): Row[] {
  return [...eachRow(database, table, tell)];
}

/** The same for tables that need not fit into memory; what lies behind a damaged page has to. */
export function* eachRow(database: DatabaseSync, { table, columns, key }: Table, tell: TellDamage): Generator<Row> {
  try {
    yield* database.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${key}`).iterate();
    return;
  } catch (error) {
    tell(`${table}: ${reasonOf(error)}`);
  }
  const fromEnd: Row[] = [];
  try {
    const backwards = key.split(', ').map((column) => `${column} DESC`);
    const rows = database.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${backwards.join(', ')}`).iterate();
    for (const row of rows) fromEnd.push(row);
  } catch {
    // The same damage, from its other side.
  }
  yield* fromEnd.toReversed();
}

function wordsOf(database: DatabaseSync, segment: number, tell: TellDamage): Words {
  const words = new Words();
  const of = { table: `words WHERE segment = ${segment}`, columns: 'part, checksum, text', key: 'part' };
  for (const row of rowsOf(database, of, tell)) {
    const parsed = wordsIn(row);
    if (parsed === undefined) tell(`words of segment ${segment}: part ${String(row['part'])} is damaged`);
    else words.add(parsed);
  }
  return words;
}

/** Undefined where the tables are not as they were made. */
export function preparedOrTold(
  database: DatabaseSync,
  { table, sql }: { readonly table: string; readonly sql: string },
  tell: TellDamage,
): StatementSync | undefined {
  try {
    return database.prepare(sql);
  } catch (error) {
    tell(`${table}: ${reasonOf(error)}`);
    return undefined;
  }
}

/** One by one: a block on a damaged page does not keep the others from being read. */
function* blocksOf(
  database: DatabaseSync,
  { firstBlock, end }: { readonly firstBlock: number; readonly end: number },
  tell: TellDamage,
): Generator<FoundBlock> {
  const statement = preparedOrTold(
    database,
    { table: 'blocks', sql: 'SELECT stored_ms, readings, checksum, data FROM blocks WHERE block = ?' },
    tell,
  );
  if (statement === undefined) return;
  for (let number = firstBlock; number < end; number += 1) {
    const found = blockAt(number, statement);
    if (found !== undefined) yield found;
  }

  function blockAt(number: number, at: StatementSync): FoundBlock | undefined {
    try {
      const row = at.get(number);
      if (row === undefined) return undefined;
      const block = blockIn(row);
      if (block !== undefined) return { number, storedMs: integerIn(row, 'stored_ms'), block };
      tell(`block ${number}: the checksum is wrong`, integerIn(row, 'readings'));
    } catch (error) {
      tell(`block ${number}: ${reasonOf(error)}`);
    }
    return undefined;
  }
}

/** The record of a unit's row, if it is whole. */
export function unitIn(row: Row): readonly [clientId: string, record: string] | undefined {
  const { client_id: clientId, checksum: expected, record } = row;
  if (typeof clientId !== 'string' || typeof record !== 'string' || checksum(record) !== expected) return undefined;
  return parseUnit(record)?.clientId === clientId ? [clientId, record] : undefined;
}

/** The mark in its row, if it is whole. */
export function markIn(row: Row): Mark | undefined {
  const { client_id: clientId, epoch, seq, segment, checksum: expected } = row;
  if (typeof clientId !== 'string' || typeof epoch !== 'string') return undefined;
  if (typeof seq !== 'number' || typeof segment !== 'number') return undefined;
  return markChecksum({ clientId, epoch, seq }) === expected ? { clientId, epoch, seq, segment } : undefined;
}

/** The new words of a row, if they are whole. */
function wordsIn(row: Row): NewWords | undefined {
  const { text, checksum: expected } = row;
  return typeof text === 'string' && checksum(text) === expected ? parseWords(text) : undefined;
}
