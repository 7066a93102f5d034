import type { SQLOutputValue } from 'node:sqlite';
import type { Scope } from './contract.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Texts and numbers of a row; a throw says that the file is damaged. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`${column} is no text`);
  return value;
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`${column} is no number`);
  return value;
}

export function scopeIn(row: Row): Scope {
  const { scope } = row;
  if (scope !== 'read' && scope !== 'operate' && scope !== 'admin') throw new Error('scope is none of the scopes');
  return scope;
}
