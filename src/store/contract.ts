import type { GapChange, GapRecord } from '../core/gap.ts';
import type { JoinTokenChange, JoinTokenRecord, MachineChange, MachineRecord } from '../core/machine.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { UnitRecord } from '../core/unit.ts';

/** What one commit stores: readings in order of arrival, and units and gaps that are new or have changed. */
export interface Batch {
  readonly readings: readonly UnitReading[];
  readonly units: readonly UnitRecord[];
  /** In order: of two changes of one gap the later holds. */
  readonly gaps?: readonly GapChange[];
  /** Each key, and each token, at most once. */
  readonly machines?: readonly MachineChange[];
  readonly tokens?: readonly JoinTokenChange[];
  /** In order of time. Of a unit the newest `limits.eventsAUnitMax` are kept; one that is kept already is not kept again. */
  readonly events?: readonly UnitEventRecord[];
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

/** A query whose answer is one line a step and series instead of one a reading. */
export interface StepQuery extends Query {
  /** Whole milliseconds, at least `limits.stepMsMin`. */
  readonly stepMs: number;
}

/** What was measured of one series, the readings of one sensor and id of a unit, in one step of time. */
export interface SeriesStep {
  readonly sensor: string;
  readonly id: string | undefined;
  /** The beginning of the step, milliseconds since 1970: a multiple of `stepMs`. */
  readonly timeMs: number;
  /** As asked for; longer where only a coarser roll-up is left of that time. */
  readonly stepMs: number;
  /** By the names of the values; in each step those of which there is any. */
  readonly values: Readonly<Record<string, StepValue>>;
}

/** Of one value in one step: how many there were (at least one), the smallest and largest, and their sum; `sum / count` is their mean. */
export interface StepValue {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** Where acknowledged readings live. */
export interface Store {
  /** Resolves when the batch is stored for good, the whole of it or nothing; rejects when it is not. Idempotent. */
  append(batch: Batch): Promise<Appended>;
  /** The readings that match, in order of time, and those of one time by epoch and number, the ones without a label first; ends early where `signal` is aborted. */
  query(query: Query, signal?: AbortSignal): AsyncIterable<UnitReading>;
  /**
   * Series after series, by sensor and id, and of each the steps in which it has any, in order of time. `fromMs` counts as the beginning of its step and
   * `toMs` as the end of its step, so that every step is whole. Ends early where `signal` is aborted.
   */
  steps(query: StepQuery, signal?: AbortSignal): AsyncIterable<SeriesStep>;
}

/** What a server reads back when it starts and when a unit registers. */
export interface Directory {
  units(): Promise<readonly UnitRecord[]>;
  /** The highest `seq` stored of this (unit, epoch); 0 for none. */
  highestSeq(clientId: string, epoch: string): Promise<number>;
  /** The gaps of the unit of which any part lies at or after `fromMs` and before `toMs`, in the order in which they were first stored. */
  gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapRecord[]>;
  /** What happened to the unit at or after `fromMs` and before `toMs`, oldest first, and of one time as it came. What cannot be read is left out. */
  events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[]>;
  /** What all its files take together, in bytes; undefined where it has none. */
  bytes(): Promise<number | undefined>;
  lastKnown(): Promise<LastKnown>;
  /** Every key that the server keeps, and every join token, in no order. */
  machines(): Promise<readonly MachineRecord[]>;
  tokens(): Promise<readonly JoinTokenRecord[]>;
}

/** What the next server needs to know of the gaps and readings that the last one has stored. */
export interface LastKnown {
  /** Gaps that last, and of each unit the newest `limits.fillableGapsMax` that late readings may still fill. */
  readonly gaps: readonly GapRecord[];
  /** The highest number of any gap; 0 for none. */
  readonly gapNumber: number;
  /** By unit: the highest `time` among the readings of the last segment, or stretch, in which it has any. Those long gone may be missing. */
  readonly newestMs: ReadonlyMap<string, number>;
}

/** Whether readings that come late may still fill some of this gap. */
export function mayBeFilled({ reason, filledMs, toMs }: GapRecord): boolean {
  return filledMs !== toMs && (reason === 'host-off' || reason === 'left' || reason === 'lost');
}
