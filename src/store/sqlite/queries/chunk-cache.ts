import { readingsIn, stepsIn, summaryIn } from '../chunks/stored-chunk.ts';
import type { ReadingRows, StepRows, Summary } from '../chunks/rows.ts';
import { integerIn } from '../row.ts';
import type { ListedChunk } from './chunk-list.ts';
import type { ReaderStatements } from './reader-connection.ts';

/** Rows that are kept: those of a unit with a hundred series, some tens of megabytes at most. */
const rowsMax = 262_144;

/** How many readings a chunk has, and what they are together. */
export interface SummedChunk {
  readonly rows: number;
  readonly summary: Summary;
}

/** The chunks that a query looked at last. A chunk is written once and never changed. */
export class ChunkCache {
  readonly #statements: Pick<ReaderStatements, 'chunk'>;
  readonly #damaged: (chunk: number) => void;
  readonly #readings = new Map<number, ReadingRows>();
  #rows = 0;

  /** `damaged` is told of each chunk that cannot be read. */
  constructor(statements: Pick<ReaderStatements, 'chunk'>, damaged: (chunk: number) => void) {
    this.#statements = statements;
    this.#damaged = damaged;
  }

  /** Undefined where it is damaged, or was dropped since it was listed. */
  readings({ chunk, series }: ListedChunk): ReadingRows | undefined {
    const known = this.#readings.get(chunk);
    if (known !== undefined) return known;
    const row = this.#statements.chunk.get(chunk);
    if (row === undefined) return undefined;
    const rows = readingsIn(row, series.key[3].length);
    if (rows === undefined) this.#damaged(chunk);
    else this.#keep(chunk, rows);
    return rows;
  }

  steps({ chunk, series }: ListedChunk): StepRows | undefined {
    const row = this.#statements.chunk.get(chunk);
    if (row === undefined) return undefined;
    const rows = stepsIn(row, series.key[3].length);
    if (rows === undefined) this.#damaged(chunk);
    return rows;
  }

  /** What is written beside the data of a chunk. */
  summed({ chunk, series }: ListedChunk): SummedChunk | undefined {
    const row = this.#statements.chunk.get(chunk);
    if (row === undefined) return undefined;
    const summary = summaryIn(row, series.key[3].length);
    if (summary === undefined) this.#damaged(chunk);
    return summary && { rows: integerIn(row, 'rows'), summary };
  }

  #keep(chunk: number, rows: ReadingRows): void {
    this.#rows += rows.times.length;
    for (const [oldest, held] of this.#readings) {
      if (this.#rows <= rowsMax) break;
      this.#readings.delete(oldest);
      this.#rows -= held.times.length;
    }
    this.#readings.set(chunk, rows);
  }
}
