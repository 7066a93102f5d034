import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import { sqliteCodeOf, storeFault } from './faults.ts';
import { checkSegment } from './check-segment.ts';
import { findChunks, findProgress, findSeries, type FoundSeries } from './chunks/found-chunks.ts';
import { findEvents } from './found-events.ts';
import { findMachinesAndTokens } from './found-records.ts';
import { gapIn } from './gap-record.ts';
import {
  gapsTable,
  markIn,
  marksTable,
  openForInspection,
  rowsOf,
  segmentsIn,
  unitIn,
  unitsTable,
} from './inspection.ts';
import { textIn } from './row.ts';
import { storeHasChunks, storeHasGaps } from './schema.ts';

/** Problems that are told; there may be as many as pages. */
const problemsMax = 100;
/** Chunks that are looked at in one turn of the loop. */
const turnChunks = 256;
/** The same of smaller rows. */
const turnRows = 8_192;

export interface StoreState {
  /** Of these three, those whose records can be read. */
  readonly units: number;
  readonly machines: number;
  readonly tokens: number;
  /** Readings that can be read. */
  readonly readings: number;
  /** Sentences for people; empty where the store is whole. At most a hundred, and then how many more. */
  readonly problems: readonly string[];
}

/**
 * Reads all of the store in `folder` and says what is damaged. Changes nothing; a server may run on it. Takes about a second for 100 MB. Rejects with
 * `store-missing` or `store-too-new`.
 */
export async function checkStore(folder: string): Promise<StoreState> {
  const problems: string[] = [];
  let more = 0;
  const tell = (words: string): void => {
    if (problems.length < problemsMax) problems.push(words);
    else more += 1;
  };
  let units = 0;
  let machines = 0;
  let tokens = 0;
  let readings = 0;
  let looked = 0;
  const database = openOrTell(folder, tell);
  if (database === undefined) return { units, machines, tokens, readings, problems };
  try {
    tellPages(database, folder, tell);
    for (const row of rowsOf(database, unitsTable, tell)) {
      if (unitIn(row) === undefined) tell(`unit ${String(row['client_id'])}: its record is damaged`);
      else units += 1;
    }
    const kept = findMachinesAndTokens(database, folder, tell);
    machines = kept.machines.records.length;
    tokens = kept.tokens.records.length;
    for (const row of rowsOf(database, marksTable, tell)) {
      if (markIn(row) === undefined) {
        tell(`the highest number of ${String(row['client_id'])} in epoch ${String(row['epoch'])} is damaged`);
      }
    }
    for (const row of storeHasGaps(database, folder) ? rowsOf(database, gapsTable, tell) : []) {
      if (gapIn(row) === undefined) tell(`gap ${String(row['number'])} of ${String(row['client_id'])} is damaged`);
    }
    for (const _ of findEvents(database, folder, tell)) {
      looked += 1;
      if (looked % turnRows === 0) await nextTurn();
    }
    const hasChunks = storeHasChunks(database, folder);
    const progress = hasChunks ? findProgress(database, tell) : { movedBlock: 0, lastChunk: 0 };
    const series = hasChunks ? findSeries(database, tell) : new Map<number, FoundSeries>();
    looked = 0;
    for (const { tier, rows } of hasChunks ? findChunks(database, progress, series, tell) : []) {
      if (tier === 0) readings += rows;
      looked += 1;
      if (looked % turnChunks === 0) await nextTurn();
    }
    for (const segment of segmentsIn(database, progress.movedBlock, tell)) {
      readings += checkSegment(segment, database, tell);
      await nextTurn();
    }
  } catch (error) {
    tell(wordsOf(storeFault(error, folder)));
  } finally {
    database.close();
  }
  return { units, machines, tokens, readings, problems: more === 0 ? problems : [...problems, `and ${more} more`] };
}

function openOrTell(folder: string, tell: (words: string) => void): DatabaseSync | undefined {
  try {
    return openForInspection(folder);
  } catch (error) {
    tell(wordsOf(error));
    return undefined;
  }
}

/** Damage is what a check reports; for anything else it cannot go on. */
function wordsOf(error: unknown): string {
  if (error instanceof CodedError && error.code === 'store-corrupt')
    return `the store is damaged: ${reasonOf(error.cause)}`;
  // SQLITE_ERROR, for statements that never change: the tables are not as they were made.
  if (sqliteCodeOf(error) === 1) return `the store is damaged: ${reasonOf(error)}`;
  throw error;
}

/** SQLite's own look at the pages may end at what it comes upon. The tables are looked through all the same: most of their rows lie elsewhere. */
function tellPages(database: DatabaseSync, folder: string, tell: (words: string) => void): void {
  try {
    for (const row of database.prepare('PRAGMA integrity_check').iterate()) {
      const line = textIn(row, 'integrity_check');
      if (line !== 'ok') tell(line.replaceAll('\n', ' '));
    }
  } catch (error) {
    tell(wordsOf(storeFault(error, folder)));
  }
}
