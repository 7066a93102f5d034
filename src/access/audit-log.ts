import type { DatabaseSync } from 'node:sqlite';
import { chainBeginning, detailsOf, detailsText, hashOf } from './audit-line.ts';
import type { AuditEntry, AuditLine, AuditState } from './contract.ts';
import { numberIn, textIn, type Row } from './row.ts';

const faultsMax = 20;

/** Adds a line, within the caller's transaction, and answers its number. */
export function addAuditLine(database: DatabaseSync, entry: AuditEntry, nowMs: number): number {
  const head = headOf(database);
  if (head === undefined) throw new Error('the audit log has lost its head');
  const line = { ...entry, number: head.lines + 1, time: new Date(nowMs).toISOString() };
  const hash = hashOf(line, head.hash);
  const { number, time, who, from, action, target } = line;
  database
    .prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(number, time, who, from, action, target, detailsText(line.details), hash);
  database.prepare('UPDATE audit_head SET lines = ?, hash = ?').run(number, hash);
  return number;
}

/** The newest `count` lines, oldest first. */
export function newestLines(database: DatabaseSync, count: number): readonly AuditLine[] {
  const rows = database.prepare('SELECT * FROM audit ORDER BY number DESC LIMIT ?').all(count);
  return rows.toReversed().map(lineOf);
}

/** Reads the whole log, a line at a time, and compares each with its hash, its number and the line before it, and the last one with the head. */
export function verifyLines(database: DatabaseSync): AuditState {
  const faults: string[] = [];
  const say = (fault: string): void => {
    if (faults.length < faultsMax) faults.push(fault);
  };
  let lines = 0;
  let last = { number: 0, hash: chainBeginning };
  // Of one moment, though another program may add lines meanwhile.
  database.exec('BEGIN');
  try {
    for (const row of database.prepare('SELECT * FROM audit ORDER BY number').iterate()) {
      const line = lineOf(row);
      lines += 1;
      if (line.number !== last.number + 1) say(missing(last.number + 1, line.number - 1));
      else if (hashOf(line, last.hash) !== line.hash) say(changed(line));
      last = line;
    }
    const head = headOf(database);
    if (head === undefined) say('The head, which says how many lines there are, is missing.');
    else if (head.lines > last.number) say(`${missing(last.number + 1, head.lines)} They are the last ones.`);
    else if (head.lines < last.number) say(`Lines after ${head.lines}, the last one, were added by something else.`);
    else if (head.hash !== last.hash) say(`Line ${last.number}, the last one, is not the one that the head names.`);
    return { lines, head: head?.hash ?? '', faults };
  } finally {
    database.exec('COMMIT');
  }
}

function headOf(database: DatabaseSync): { readonly lines: number; readonly hash: string } | undefined {
  const row = database.prepare('SELECT lines, hash FROM audit_head').get();
  return row === undefined ? undefined : { lines: numberIn(row, 'lines'), hash: textIn(row, 'hash') };
}

function lineOf(row: Row): AuditLine {
  return {
    number: numberIn(row, 'number'),
    time: textIn(row, 'time'),
    who: textIn(row, 'who'),
    from: textIn(row, 'origin'),
    action: textIn(row, 'action'),
    target: textIn(row, 'target'),
    // What is no details has another hash than those that were written.
    details: detailsOf(textIn(row, 'details')) ?? { unreadable: true },
    hash: textIn(row, 'hash'),
  };
}

function missing(first: number, last: number): string {
  return first === last ? `Line ${first} is missing.` : `Lines ${first} to ${last} are missing.`;
}

function changed({ number, time }: AuditLine): string {
  const before = number === 1 ? '' : `, or line ${number - 1} is not`;
  return `Line ${number} (${time}) is not as it was written${before}.`;
}
