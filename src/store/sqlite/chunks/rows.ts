/** Who sent a reading, and what it says of its source: the unit's name then, the epoch (null for a v1 unit), the source. */
export type Label = readonly [unit: string, epoch: string | null, source: string | null];

/** Readings of one series in order of time; those of one time by epoch and number. All lists but `labels` and `values` have a place for each. */
export interface ReadingRows {
  /** Milliseconds since 1970, UTC. */
  readonly times: Float64Array;
  /** NaN for none. */
  readonly seqs: Float64Array;
  /** Indexes into `labels`. */
  readonly labelOf: Uint16Array;
  readonly labels: readonly Label[];
  /** A column for each name of the series. */
  readonly values: readonly Float64Array[];
}

/** The steps of one series in order of time. */
export interface StepRows {
  /** The beginning of each step, milliseconds since 1970. */
  readonly times: Float64Array;
  /** Readings in each. */
  readonly counts: Float64Array;
  /** A column for each name of the series. */
  readonly minima: readonly Float64Array[];
  readonly maxima: readonly Float64Array[];
  readonly sums: readonly Float64Array[];
}

/** Of each column of a chunk of readings the least, the greatest, and the sum: three numbers a column, in the order of the names. */
export type Summary = Float64Array<ArrayBuffer>;

export function sliceOfReadings(rows: ReadingRows, start: number, end: number): ReadingRows {
  return {
    times: rows.times.subarray(start, end),
    seqs: rows.seqs.subarray(start, end),
    labelOf: rows.labelOf.subarray(start, end),
    labels: rows.labels,
    values: rows.values.map((column) => column.subarray(start, end)),
  };
}

export function sliceOfSteps(rows: StepRows, start: number, end: number): StepRows {
  const slice = (column: Float64Array): Float64Array => column.subarray(start, end);
  return {
    times: slice(rows.times),
    counts: slice(rows.counts),
    minima: rows.minima.map(slice),
    maxima: rows.maxima.map(slice),
    sums: rows.sums.map(slice),
  };
}
