import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { integerIn } from '../row.ts';
import { waitingSegments, type WaitingSegment } from './waiting-blocks.ts';

/** So many readings of each series are moved in one go, as a rule: a chunk of them costs little more than its readings. */
const readingsASeries = 512;
/** And so many of all series at most: of a thousand units with eighteen series, some sixty of each. */
const windowReadingsDefault = 1_048_576;
/** No fewer than a segment has. */
const windowReadingsMin = 65_536;
/** With a small budget what waits must not be most of it: a reading that waits takes about 50 bytes. */
const budgetAReading = 512;
/** Readings wait no longer than this, where fewer come. */
const waitMsMax = 3_600_000;

/** Blocks whose readings are to be moved into chunks together: those of whole segments. */
export interface Window {
  readonly segments: readonly WaitingSegment[];
  readonly lastBlock: number;
  /** When the newest was stored, by the server's clock. */
  readonly storedMs: number;
}

export interface WindowStatements {
  readonly segments: StatementSync;
  readonly lastBlock: StatementSync;
  readonly held: StatementSync;
  readonly lastSeries: StatementSync;
}

interface Held {
  readonly readings: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** How many readings are moved in one go at most under this budget. */
export function windowReadings(budgetBytes: number | undefined): number {
  if (budgetBytes === undefined) return windowReadingsDefault;
  return Math.min(windowReadingsDefault, Math.max(windowReadingsMin, Math.floor(budgetBytes / budgetAReading)));
}

/** Finds what is to be moved next. */
export class WindowFinder {
  readonly #statements: WindowStatements;
  readonly #readingsMax: number;
  /** A sealed segment never changes. */
  readonly #held = new Map<number, Held>();

  constructor(statements: WindowStatements, readingsMax: number) {
    this.#statements = statements;
    this.#readingsMax = readingsMax;
  }

  /** The oldest sealed segments behind `movedBlock`, if there are enough readings in them, or they wait long enough, or `all` are to be moved. */
  find(movedBlock: number, nowMs: number, all: boolean): Window | undefined {
    const lastBlock = integerIn(this.#statements.lastBlock.get(), 'block');
    const waiting = waitingSegments(this.#statements.segments, movedBlock, lastBlock).filter(({ sealed }) => sealed);
    const held = waiting.map((segment) => this.#heldBy(segment));
    const enough = this.#enough();
    let readings = 0;
    let count = 0;
    while (count < held.length && readings < enough) {
      readings += held[count]?.readings ?? 0;
      count += 1;
    }
    // Stored in the future, it says nothing of how long it waits.
    const waitsMs = Math.abs(nowMs - (held[0]?.oldestMs ?? nowMs));
    if (!all && readings < enough && waitsMs < waitMsMax) return undefined;
    const segments = waiting.slice(0, count);
    const last = segments.at(-1);
    if (last === undefined) return undefined;
    return {
      segments,
      lastBlock: last.lastBlock,
      storedMs: Math.max(...held.slice(0, count).map(({ newestMs }) => newestMs)),
    };
  }

  /** The more series there are, the more readings it takes for chunks that are not small. */
  #enough(): number {
    const series = integerIn(this.#statements.lastSeries.get(), 'series');
    // Before the first move nobody knows how many there are; chunks of a few readings each would be written, and joined, for nothing.
    if (series === 0) return this.#readingsMax;
    return Math.min(this.#readingsMax, Math.max(windowReadingsMin, series * readingsASeries));
  }

  #heldBy({ segment, firstBlock, lastBlock }: WaitingSegment): Held {
    const known = this.#held.get(segment);
    if (known !== undefined) return known;
    const held = heldIn(this.#statements.held.get(firstBlock, lastBlock));
    // Those that were moved long ago are of no use any more.
    if (this.#held.size > 1_000) this.#held.clear();
    this.#held.set(segment, held);
    return held;
  }
}

function heldIn(row: Record<string, SQLOutputValue> | undefined): Held {
  return {
    readings: integerIn(row, 'readings'),
    oldestMs: integerIn(row, 'oldest_ms'),
    newestMs: integerIn(row, 'newest_ms'),
  };
}
