import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { reasonOf } from '../../core/system-error.ts';
import { preparedOrTold, rowsOf, type TellDamage } from './inspection.ts';
import { recordIn, type PackedRecord } from './keyed-record.ts';
import { parseMachine } from './machine-record.ts';
import { storeHasMachines } from './schema.ts';
import { parseToken } from './token-record.ts';

interface KeyedTable {
  readonly table: 'machines' | 'tokens';
  readonly keyColumn: 'public_key' | 'id';
  /** What a row is, for people. */
  readonly noun: string;
  /** The key of a record; undefined where it is none. */
  readonly keyOf: (record: string) => string | undefined;
}

interface FoundRow {
  readonly key: string;
  readonly row?: Readonly<Record<string, SQLOutputValue>>;
  /** Why there is no row. */
  readonly reason?: string;
}

/** What can be read of a table of records, and how many rows cannot. */
export interface FoundRecords {
  readonly records: readonly PackedRecord[];
  readonly lost: number;
}

const machinesTable: KeyedTable = {
  table: 'machines',
  keyColumn: 'public_key',
  noun: 'machine',
  keyOf: (record) => parseMachine(record)?.publicKey,
};

const tokensTable: KeyedTable = {
  table: 'tokens',
  keyColumn: 'id',
  noun: 'join token',
  keyOf: (record) => parseToken(record)?.id,
};

/** Of a store that a check or a salvage looks at; one of an older version has neither. */
export function findMachinesAndTokens(
  database: DatabaseSync,
  folder: string,
  tell: TellDamage,
): { readonly machines: FoundRecords; readonly tokens: FoundRecords } {
  if (!storeHasMachines(database, folder)) return { machines: none, tokens: none };
  return { machines: find(machinesTable, database, tell), tokens: find(tokensTable, database, tell) };
}

const none: FoundRecords = { records: [], lost: 0 };

function find(keyed: KeyedTable, database: DatabaseSync, tell: TellDamage): FoundRecords {
  const records: PackedRecord[] = [];
  let lost = 0;
  for (const { key, row, reason } of rowsByKey(keyed, database, tell)) {
    const record = row && recordIn(row);
    if (record !== undefined && keyed.keyOf(record) === key) {
      records.push([key, record]);
    } else {
      lost += 1;
      tell(`${keyed.noun} ${key}: ${reason ?? 'its record is damaged'}`);
    }
  }
  return { records, lost };
}

/**
 * The rows that can be read, and the keys of those that cannot: their index lies on other pages, and still knows keys of which the row is on a damaged one. So nothing
 * is lost without a word.
 */
function* rowsByKey({ table, keyColumn }: KeyedTable, database: DatabaseSync, tell: TellDamage): Generator<FoundRow> {
  const columns = `${keyColumn} AS key, checksum, record`;
  const damages = new Set<string>();
  const note = (words: string): void => void damages.add(words);
  const found = new Set<unknown>();
  for (const row of rowsOf(database, { table, columns, key: 'number' }, note)) {
    found.add(row['key']);
    yield { key: String(row['key']), row };
  }
  const inIndex = rowsOf(database, { table, columns: `${keyColumn} AS key`, key: keyColumn }, note);
  for (const words of damages) tell(words);
  const sql = `SELECT ${columns} FROM ${table} WHERE ${keyColumn} = ?`;
  const missing = inIndex.flatMap(({ key }) => (typeof key === 'string' && !found.has(key) ? [key] : []));
  const statement = missing.length === 0 ? undefined : preparedOrTold(database, { table, sql }, tell);
  if (statement === undefined) return;
  for (const key of missing) yield rowAt(key, statement);
}

function rowAt(key: string, statement: StatementSync): FoundRow {
  try {
    const row = statement.get(key);
    return row === undefined ? { key, reason: 'its row is gone' } : { key, row };
  } catch (error) {
    return { key, reason: reasonOf(error) };
  }
}
