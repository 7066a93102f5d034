import type { UnitReading } from '../../src/core/reading.ts';
import type { LedgerLine } from '../../src/fleet/ledger.ts';
import { readingOf } from '../../src/store/sqlite/chunks/chunk-reading.ts';
import { findChunks, findProgress, findSeries } from '../../src/store/sqlite/chunks/found-chunks.ts';
import { readingsIn } from '../../src/store/sqlite/chunks/stored-chunk.ts';
import { openForInspection, segmentsIn } from '../../src/store/sqlite/inspection.ts';
import { readingAt } from '../../src/store/sqlite/words.ts';

/** What a store holds of each unit and epoch, and what is wrong with it by itself. */
export interface Stored {
  readonly readings: number;
  /** By `client_id epoch`, the highest number; all below it are there once, unless `problems` says otherwise. */
  readonly highest: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** Problems that are told; a store that is wrong is wrong in many places. */
const problemsMax = 20;

/**
 * Reads all of a store, whether a server runs on it or not, with what `telemetryctl store check` reads it with. Every number of a unit's epoch must be there once, from 1
 * on. `wrong` may say what is wrong with a reading.
 */
export function readStored(
  folder: string,
  wrong: (found: UnitReading) => string | undefined = () => undefined,
): Stored {
  const problems: string[] = [];
  const tell = (words: string): void => {
    if (problems.length < problemsMax) problems.push(words);
  };
  const numbers = new Map<string, Numbers>();
  let readings = 0;
  const database = openForInspection(folder);
  const take = (found: UnitReading): void => {
    const { clientId, unit, reading } = found;
    const { epoch, seq = 0 } = reading;
    const label = `${clientId} ${epoch}`;
    const ofLabel = numbers.get(label) ?? new Numbers();
    numbers.set(label, ofLabel);
    if (!ofLabel.add(seq)) tell(`${unit}, epoch ${epoch}: ${seq} is stored twice`);
    const fault = wrong(found);
    if (fault !== undefined) tell(`${unit}, epoch ${epoch}: ${seq}: ${fault}`);
    readings += 1;
  };
  try {
    const progress = findProgress(database, tell);
    const series = findSeries(database, tell);
    for (const { row, tier } of findChunks(database, progress, series, tell)) {
      const key = series.get(Number(row['series']))?.key;
      const rows = key === undefined || tier > 0 ? undefined : readingsIn(row, key[3].length);
      for (const [index] of rows?.times.entries() ?? []) {
        if (rows !== undefined && key !== undefined) take(readingOf(rows, index, key));
      }
    }
    for (const { words, blocks } of segmentsIn(database, progress.movedBlock, tell)) {
      for (const { block } of blocks) {
        let valueOffset = 0;
        for (const [index, seq] of block.seqs.entries()) {
          const stream = words.streams[block.streams[index] ?? 0];
          const shape = words.shapes[block.shapes[index] ?? 0];
          if (stream === undefined || shape === undefined) {
            tell(`a reading without words, number ${seq}`);
            continue;
          }
          take(readingAt(block, index, valueOffset, stream, shape));
          valueOffset += shape[3].length;
        }
      }
    }
  } finally {
    database.close();
  }
  for (const [label, { highest, count }] of numbers) {
    if (count !== highest) tell(`${label}: of the numbers up to ${highest} ${highest - count} are missing`);
  }
  return { readings, highest: new Map(Array.from(numbers, ([label, { highest }]) => [label, highest])), problems };
}

/** Numbers from 1 on, each of which may be there once. */
class Numbers {
  highest = 0;
  count = 0;
  #seen = new Uint8Array(1_024);

  /** False where it was there before. */
  add(number: number): boolean {
    if (number >= this.#seen.length) {
      const larger = new Uint8Array(number * 2);
      larger.set(this.#seen);
      this.#seen = larger;
    }
    if (this.#seen[number] === 1) return false;
    this.#seen[number] = 1;
    this.highest = Math.max(this.highest, number);
    this.count += 1;
    return true;
  }
}

/** What is acknowledged and not stored, and what is stored and was never sent, in words. */
export function compare(ledger: readonly LedgerLine[], { highest }: Pick<Stored, 'highest'>): readonly string[] {
  return ledger.flatMap(({ unit, client_id: clientId, epoch, acknowledged, sent, refused }) => {
    const stored = highest.get(`${clientId} ${epoch}`) ?? 0;
    if (refused.length > 0) return [`${unit}: ${refused.length} of its readings were refused`];
    if (stored < acknowledged) return [`${unit}: ${acknowledged} acknowledged, ${stored} stored`];
    return stored > sent ? [`${unit}: ${sent} sent, ${stored} stored`] : [];
  });
}
