import type { SQLOutputValue } from 'node:sqlite';
import { checksum } from '../block.ts';
import { bytesIn, integerIn } from '../row.ts';
import { decodeReadings } from './reading-chunk.ts';
import type { ReadingRows, StepRows, Summary } from './rows.ts';
import { decodeSteps } from './step-chunk.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** A flipped bit in any of them would make the chunk lie. */
export function chunkChecksum(
  {
    series,
    tier,
    rows,
    fromMs,
    toMs,
  }: {
    readonly series: number;
    readonly tier: number;
    readonly rows: number;
    readonly fromMs: number;
    readonly toMs: number;
  },
  summary: Uint8Array,
  data: Uint8Array,
): number {
  // The parts are chained: no two chunks of other parts have the same sum because they have the same bytes.
  return checksum(`${series} ${tier} ${rows} ${fromMs} ${toMs} ${checksum(summary)} ${checksum(data)}`);
}

/** The readings in the row of a chunk; undefined where it is damaged. */
export function readingsIn(row: Row, columns: number): ReadingRows | undefined {
  const rows = isWhole(row) ? decodeReadings(bytesIn(row, 'data'), columns) : undefined;
  return rows?.times.length === row['rows'] ? rows : undefined;
}

/** The steps in the row of a chunk; undefined where it is damaged. */
export function stepsIn(row: Row, columns: number): StepRows | undefined {
  const rows = isWhole(row) ? decodeSteps(bytesIn(row, 'data'), columns) : undefined;
  return rows?.times.length === row['rows'] ? rows : undefined;
}

/** What is written beside the data of a chunk; undefined where it is damaged. */
export function summaryIn(row: Row, columns: number): Summary | undefined {
  const bytes = bytesIn(row, 'summary');
  if (!isWhole(row) || bytes.length !== columns * 3 * 8) return undefined;
  return new Float64Array(new Uint8Array(bytes).buffer);
}

/** Whether its checksum is right. */
function isWhole(row: Row): boolean {
  const { summary, data, checksum: expected } = row;
  if (!(summary instanceof Uint8Array) || !(data instanceof Uint8Array)) return false;
  const members = {
    series: integerIn(row, 'series'),
    tier: integerIn(row, 'tier'),
    rows: integerIn(row, 'rows'),
    fromMs: integerIn(row, 'from_ms'),
    toMs: integerIn(row, 'to_ms'),
  };
  return chunkChecksum(members, summary, data) === expected;
}
