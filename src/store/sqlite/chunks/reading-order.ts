import type { Label, ReadingRows } from './rows.ts';

/** The same readings in their order; the same object where they are in it already. */
export function inOrder(rows: ReadingRows): ReadingRows {
  const count = rows.times.length;
  let isInOrder = true;
  for (let index = 1; index < count && isInOrder; index += 1) isInOrder = compareRows(rows, index - 1, index) <= 0;
  if (isInOrder) return rows;
  // Readings without a label stay in the order in which they came: sorting is stable.
  const order = Uint32Array.from({ length: count }, (_, index) => index).toSorted(
    (a, b) => compareRows(rows, a, b) || a - b,
  );
  const sorted = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] ?? 0);
  return {
    times: sorted(rows.times),
    seqs: sorted(rows.seqs),
    labelOf: Uint16Array.from(order, (index) => rows.labelOf[index] ?? 0),
    labels: rows.labels,
    values: rows.values.map(sorted),
  };
}

function compareRows({ times, seqs, labelOf, labels }: ReadingRows, one: number, other: number): number {
  const difference = (times[one] ?? 0) - (times[other] ?? 0);
  if (difference !== 0) return difference;
  const [oneEpoch, otherEpoch] = [epochAt(labels, labelOf[one]), epochAt(labels, labelOf[other])];
  if (oneEpoch !== otherEpoch) return oneEpoch < otherEpoch ? -1 : 1;
  return seqAt(seqs, one) - seqAt(seqs, other);
}

function epochAt(labels: readonly Label[], index = 0): string {
  return labels[index]?.[1] ?? '';
}

/** 0 where there is none: those of one time that have no label are alike. */
function seqAt(seqs: Float64Array, index: number): number {
  const seq = seqs[index] ?? Number.NaN;
  return Number.isNaN(seq) ? 0 : seq;
}
