import type { TakenReading, UnitReading } from '../../../core/reading.ts';
import type { ReadingRows } from './rows.ts';
import type { SeriesKey } from './series-key.ts';

/** One reading of a chunk. */
export function readingOf(rows: ReadingRows, index: number, [clientId, sensor, id, names]: SeriesKey): UnitReading {
  const { times, seqs, labelOf, labels, values } = rows;
  const [unit, epoch, source] = labels[labelOf[index] ?? 0] ?? ['', null, null];
  const seq = seqs[index] ?? Number.NaN;
  const reading: { -readonly [Member in keyof TakenReading]: TakenReading[Member] } = {
    seq: Number.isNaN(seq) ? undefined : seq,
    epoch: epoch ?? undefined,
    time: times[index] ?? 0,
    sensor,
    values: Object.fromEntries(names.map((name, column) => [name, values[column]?.[index] ?? 0])),
  };
  if (id !== null) reading.id = id;
  if (source !== null) reading.source = source;
  return { clientId, unit, reading };
}
