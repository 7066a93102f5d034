import type { UnitReading } from '../core/reading.ts';
import type { UnitRecord } from '../core/unit.ts';

/** What one commit stores: readings in order of arrival, and units that are new or have changed. */
export interface Batch {
  readonly readings: readonly UnitReading[];
  readonly units: readonly UnitRecord[];
}

/** What a commit did. */
export interface Appended {
  /** Indexes into `batch.readings` of those at or below the highest `seq` already stored of their (unit, epoch). */
  readonly duplicates: readonly number[];
}

export interface Query {
  readonly clientId: string;
  readonly sensor?: string;
  readonly id?: string;
  /** Milliseconds since 1970, UTC; inclusive. */
  readonly fromMs: number;
  /** Milliseconds since 1970, UTC; exclusive. */
  readonly toMs: number;
}

/** Where acknowledged readings live. */
export interface Store {
  /** Resolves when the batch is stored for good, the whole of it or nothing; rejects when it is not. Idempotent. */
  append(batch: Batch): Promise<Appended>;
  /** The readings that match, in order of arrival. */
  query(query: Query): AsyncIterable<UnitReading>;
}

/** What a server reads back when it starts and when a unit registers. */
export interface Directory {
  units(): Promise<readonly UnitRecord[]>;
  /** The highest `seq` stored of this (unit, epoch); 0 for none. */
  highestSeq(clientId: string, epoch: string): Promise<number>;
}
