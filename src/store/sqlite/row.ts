import type { SQLOutputValue } from 'node:sqlite';
import { Damage } from './faults.ts';

type Row = Readonly<Record<string, SQLOutputValue>> | undefined;

/** The number in this column; a row or a column of another kind is a damaged database. */
export function integerIn(row: Row, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new Damage(`${column} is no number`);
  return value;
}

export function textIn(row: Row, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw new Damage(`${column} is no text`);
  return value;
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw new Damage(`${column} is no bytes`);
  return value;
}
