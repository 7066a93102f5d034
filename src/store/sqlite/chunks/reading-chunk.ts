import { ByteReader, TornBytes } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readColumn, writeColumn } from './column.ts';
import { packed, unpacked } from './packing.ts';
import type { Label, ReadingRows } from './rows.ts';

/**
 * The bytes of a chunk of readings. Before they are packed (packing.ts):
 *
 *     readings, labels, runs        whole numbers
 *     labels                        their bytes in UTF-8, and before it how many: JSON
 *     runs                          for each: index of its label, and how many readings follow each other with it
 *     time, seq, values             a column each (column.ts)
 */
export function encodeReadings(rows: ReadingRows): Uint8Array<ArrayBuffer> {
  const { runs, labels } = runsOf(rows);
  const text = Buffer.from(JSON.stringify(labels));
  const into = new ByteWriter();
  into.whole(rows.times.length);
  into.whole(text.length);
  into.bytes(text);
  into.whole(runs.length);
  for (const { label, length } of runs) {
    into.whole(label);
    into.whole(length);
  }
  for (const column of [rows.times, rows.seqs, ...rows.values]) writeColumn(column, into);
  return packed(into.view());
}

/** Undefined where the bytes are no chunk of readings with so many values. */
export function decodeReadings(bytes: Uint8Array, columns: number): ReadingRows | undefined {
  try {
    const from = new ByteReader(unpacked(bytes));
    const count = from.whole();
    const labels: unknown = JSON.parse(Buffer.from(from.bytes(from.whole())).toString());
    if (!areLabels(labels)) return undefined;
    // Each time takes a byte at least: what is damaged must not fill the memory.
    if (count > from.left) return undefined;
    const labelOf = new Uint16Array(count);
    let filled = 0;
    for (let runs = from.whole(); runs > 0; runs -= 1) {
      const label = from.whole();
      const end = filled + from.whole();
      if (label >= labels.length || end > count) return undefined;
      labelOf.fill(label, filled, end);
      filled = end;
    }
    if (filled !== count) return undefined;
    const times = readColumn(from, count);
    const seqs = readColumn(from, count);
    const values = Array.from({ length: columns }, () => readColumn(from, count));
    return from.isAtEnd ? { times, seqs, labelOf, labels, values } : undefined;
  } catch (error) {
    if (error instanceof TornBytes || error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Run {
  readonly label: number;
  length: number;
}

/** Only the labels that these readings have, numbered in their order. */
function runsOf({ labelOf, labels }: ReadingRows): {
  readonly runs: readonly Run[];
  readonly labels: readonly Label[];
} {
  const numberOf = new Map<number, number>();
  const used: Label[] = [];
  const runs: Run[] = [];
  let last: Run | undefined;
  let former = -1;
  for (const index of labelOf) {
    if (last !== undefined && index === former) {
      last.length += 1;
      continue;
    }
    let label = numberOf.get(index);
    if (label === undefined) {
      label = used.length;
      numberOf.set(index, label);
      used.push(labels[index] ?? ['', null, null]);
    }
    last = { label, length: 1 };
    runs.push(last);
    former = index;
  }
  return { runs, labels: used };
}

function areLabels(value: unknown): value is readonly Label[] {
  return (
    Array.isArray(value) &&
    value.every(
      (label: unknown) =>
        Array.isArray(label) &&
        label.length === 3 &&
        typeof label[0] === 'string' &&
        (label[1] === null || typeof label[1] === 'string') &&
        (label[2] === null || typeof label[2] === 'string'),
    )
  );
}
