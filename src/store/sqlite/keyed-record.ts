import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { checksum } from './block.ts';
import { Damage } from './faults.ts';
import { textIn } from './row.ts';

/** What a key names, as JSON, on its way to its row; undefined where the row is to go. */
export type PackedRecord = readonly [key: string, record: string | undefined];

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Keeps the record, or lets go of it, within the caller's transaction. */
export function writeRecord(
  [key, record]: PackedRecord,
  { set, remove }: { readonly set: StatementSync; readonly remove: StatementSync },
): void {
  if (record === undefined) remove.run(key);
  else set.run(key, recordChecksum(key, record), record);
}

/** The JSON in a row of `key`, `checksum` and `record`. Throws where the row is damaged. */
export function wholeRecordIn(row: Row, noun: string): string {
  const record = recordIn(row);
  if (record === undefined) throw new Damage(`the record of ${noun} ${textIn(row, 'key')}`);
  return record;
}

/** The same, if the row is whole. */
export function recordIn({ key, checksum: expected, record }: Row): string | undefined {
  if (typeof key !== 'string' || typeof record !== 'string') return undefined;
  return recordChecksum(key, record) === expected ? record : undefined;
}

/** Of the key as well: under another one the record would be somebody else's. */
function recordChecksum(key: string, record: string): number {
  return checksum(`${key} ${record}`);
}
