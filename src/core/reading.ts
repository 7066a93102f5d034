/** The values of one reading under their names on the wire: finite numbers, base units in the name or on the sensor's page. */
export type Values = Readonly<Record<string, number>>;

/** One measurement, as a sensor takes it: what was measured, but not yet when, nor its number. */
export interface Reading {
  /** The kind, `[a-z][a-z0-9_]{0,31}`. */
  readonly sensor: string;
  /** Which one of that kind; absent where a machine has one only. */
  readonly id?: string | undefined;
  /** Where the value came from, or a reason; at most 48 bytes of JSON. */
  readonly source?: string | undefined;
  readonly values: Values;
}

/** What tells one series of a unit from another. */
export type SeriesName = Pick<Reading, 'sensor' | 'id'>;

/** A reading with its time and its label. Readings of v1 peers have no label: both its members are undefined. */
export interface TakenReading extends Reading {
  /** Milliseconds since 1970, UTC, by the clock of the machine that took it. */
  readonly time: number;
  /** 8 hex digits, drawn at each start of the client. */
  readonly epoch: string | undefined;
  /** 1 .. 2^53-1, growing within its epoch. */
  readonly seq: number | undefined;
}

/** A reading that its client has numbered; it keeps this label for ever. */
export interface LabelledReading extends TakenReading {
  readonly epoch: string;
  readonly seq: number;
}

/** A reading and the unit that it came from. */
export interface UnitReading {
  readonly clientId: string;
  /** The unit's name when the reading arrived. */
  readonly unit: string;
  readonly reading: TakenReading;
}
