import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../../core/coded-error.ts';
import type { UnitReading } from '../../core/reading.ts';
import { databaseFile, openForWriting } from './database.ts';
import { storeFault } from './faults.ts';
import {
  markIn,
  marksTable,
  gapsTable,
  openForInspection,
  rowsOf,
  segmentsIn,
  unitIn,
  unitsTable,
  type FoundBlock,
  type TellDamage,
} from './inspection.ts';
import { copyChunks } from './chunks/copy-chunks.ts';
import { findProgress } from './chunks/found-chunks.ts';
import { packEvent } from './event-record.ts';
import { findEvents } from './found-events.ts';
import { findMachinesAndTokens } from './found-records.ts';
import { gapIn, packGap } from './gap-record.ts';
import { storedMark, writeMark } from './mark.ts';
import type { PackedBatch, PackedEvent, PackedGap } from './messages.ts';
import { blockReadingsMax, Packer } from './packer.ts';
import { integerIn } from './row.ts';
import { prepareStatements } from './statements.ts';
import { storeHasChunks, storeHasGaps } from './schema.ts';
import { readingAt, type Words } from './words.ts';
import { Writer } from './writer.ts';

/** Blocks of one commit were stored within this of each other: their age is kept as exactly. */
const commitMs = 60_000;

const commitEvents = 4_096;

const namesUnbound =
  'the names of machines that are lost are bound to no key now; run the server with auth.mode: approve until you have let them in again';

export interface Salvaged {
  readonly units: number;
  readonly machines: number;
  readonly tokens: number;
  readonly readings: number;
  /** Of machines and join tokens that are known to be lost. The names of lost machines are bound to no key any more; `problems` has their keys. */
  readonly lostMachines: number;
  readonly lostTokens: number;
  /** Readings that are known to be lost; what was on a damaged page nobody can count. */
  readonly lostReadings: number;
  /** Sentences for people: what could not be read. */
  readonly problems: readonly string[];
}

/**
 * Copies what can be read of the store in `folder` into a new one in `into`, in order of arrival and with the highest numbers, so that a server goes on
 * with it; whose key is bound to which name is kept like a reading. Changes nothing in `folder`. Rejects with `store-missing`, `store-too-new`, `store-exists`, `store-corrupt` where nothing can be read, and what
 * keeps `into` from being written.
 */
export async function salvageStore(folder: string, into: string): Promise<Salvaged> {
  if (existsSync(databaseFile(into))) {
    throw new CodedError('store-exists', `${into}: there is a store already; choose a folder without one`);
  }
  const problems: string[] = [];
  let lostReadings = 0;
  const tell = (words: string, lost = 0): void => {
    problems.push(words);
    lostReadings += lost;
  };
  const source = openForInspection(folder);
  const copy = new Copy(into);
  try {
    const units = rowsOf(source, unitsTable, tell).flatMap((row) => {
      const unit = unitIn(row);
      if (unit === undefined) tell(`unit ${String(row['client_id'])}: its record is damaged`);
      return unit === undefined ? [] : [unit];
    });
    const { machines, tokens } = findMachinesAndTokens(source, folder, tell);
    if (machines.lost > 0) tell(namesUnbound);
    copy.others({ units, machines: machines.records, tokens: tokens.records });
    const hasChunks = storeHasChunks(source, folder);
    const movedBlock = hasChunks ? findProgress(source, () => undefined).movedBlock : 0;
    for (const { words, blocks } of segmentsIn(source, movedBlock, tell)) {
      for (const found of blocks) {
        const readings = readingsOf(found, words);
        const lost = found.block.seqs.length - readings.length;
        if (lost > 0) tell(`block ${found.number}: ${lost} readings without their words`, lost);
        copy.readings(readings, found.storedMs);
      }
      await nextTurn();
    }
    copy.end();
    // As old as the newest readings: they go no earlier than in the old store.
    const gaps = storeHasGaps(source, folder) ? rowsOf(source, gapsTable, tell) : [];
    copy.others({ gaps: gaps.flatMap((row) => keptGap(row, tell)) });
    for (const events of eventsIn(source, folder, tell)) {
      copy.others({ events });
      await nextTurn();
    }
    const inChunks = copyRest(source, into, { hasChunks, tell });
    return {
      units: units.length,
      machines: machines.records.length,
      tokens: tokens.records.length,
      readings: copy.count + inChunks,
      lostMachines: machines.lost,
      lostTokens: tokens.lost,
      lostReadings,
      problems,
    };
  } catch (error) {
    throw storeFault(error, folder);
  } finally {
    copy.close();
    source.close();
  }
}

/** What a batch has beside readings. */
type Others = Omit<PackedBatch, 'storedMs' | 'blocks'>;

/** The new store. Small blocks are joined, so that each is not a commit of its own. */
class Copy {
  count = 0;
  readonly #packer = new Packer();
  readonly #writer: Writer;
  #pending: UnitReading[] = [];
  #storedMs = 0;

  constructor(folder: string) {
    this.#writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
  }

  others(others: Partial<Others>): void {
    this.#append([], others);
  }

  readings(readings: readonly UnitReading[], storedMs: number): void {
    const full = this.#pending.length + readings.length > blockReadingsMax;
    if (full || Math.abs(storedMs - this.#storedMs) > commitMs) this.end();
    if (this.#pending.length === 0) this.#storedMs = storedMs;
    for (const reading of readings) this.#pending.push(reading);
  }

  /** Commits what is joined so far. */
  end(): void {
    if (this.#pending.length > 0) this.#append(this.#pending);
    this.#pending = [];
  }

  close(): void {
    this.#writer.close();
  }

  #append(readings: readonly UnitReading[], others: Partial<Others> = {}): void {
    const written = this.#writer.append({
      storedMs: this.#storedMs,
      blocks: this.#packer.pack(readings, this.#storedMs),
      units: [],
      gaps: [],
      machines: [],
      tokens: [],
      ...others,
    });
    this.#writer.checkpoint();
    this.count += readings.length - written.duplicates.length;
  }
}

function keptGap(row: Parameters<typeof gapIn>[0], tell: (words: string) => void): readonly PackedGap[] {
  const gap = gapIn(row);
  if (gap !== undefined) return [packGap({ clientId: gap.clientId, number: gap.number, gap })];
  tell(`gap ${String(row['number'])} of ${String(row['client_id'])} is damaged`);
  return [];
}

/** Some at a time, for a commit each. */
function* eventsIn(source: DatabaseSync, folder: string, tell: TellDamage): Generator<readonly PackedEvent[]> {
  let events: PackedEvent[] = [];
  for (const event of findEvents(source, folder, tell)) {
    events.push(packEvent(event));
    if (events.length < commitEvents) continue;
    yield events;
    events = [];
  }
  if (events.length > 0) yield events;
}

function readingsOf({ block }: FoundBlock, { streams, shapes, valueCounts }: Words): UnitReading[] {
  const readings: UnitReading[] = [];
  let valueOffset = 0;
  for (const [index, shapeNumber] of block.shapes.entries()) {
    const shape = shapes[shapeNumber];
    const stream = streams[block.streams[index] ?? 0];
    const valueCount = valueCounts[shapeNumber];
    // Without the words of a reading, nobody knows where the values of those after it begin.
    if (shape === undefined || valueCount === undefined) break;
    if (stream !== undefined) readings.push(readingAt(block, index, valueOffset, stream, shape));
    valueOffset += valueCount;
  }
  return readings;
}

/** What is copied as it is: chunks, whose readings are counted, and the highest numbers. */
function copyRest(
  source: DatabaseSync,
  into: string,
  { hasChunks, tell }: { readonly hasChunks: boolean; readonly tell: TellDamage },
): number {
  // Closing seals the last segment, which writes the marks of the readings.
  const writer = new Writer({ folder: into, retentionMs: {}, budgetBytes: undefined });
  writer.open();
  writer.close();
  const target = openForWriting(into);
  try {
    const inChunks = hasChunks ? copyChunks(source, target, tell) : 0;
    copyMarks(source, target, tell);
    return inChunks;
  } finally {
    target.close();
  }
}

/** The highest numbers of epochs whose readings have been dropped, were moved, or are lost: they are as much a promise as those of the readings. */
function copyMarks(source: DatabaseSync, target: DatabaseSync, tell: TellDamage): void {
  const statements = prepareStatements(target);
  const last = statements.lastSegments.get();
  const segment = last === undefined ? 0 : integerIn(last, 'segment');
  statements.begin.run();
  for (const row of rowsOf(source, marksTable, tell)) {
    const mark = markIn(row);
    if (mark === undefined) {
      tell(`the highest number of ${String(row['client_id'])} in epoch ${String(row['epoch'])} is damaged`);
    } else if (mark.seq > storedMark(statements, mark.clientId, mark.epoch)) {
      writeMark(statements, { ...mark, segment });
    }
  }
  statements.commit.run();
}
