import type { LabelledReading } from '../../core/reading.ts';

/** Readings that will never be sent. Times are the readings', milliseconds since 1970, UTC; of whole segments, those of their first and last. */
export interface Dropped {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** What the server is told in `source` of the sensor `agent`. */
  readonly reason: 'spool full' | 'spool damaged';
}

/**
 * Holds readings until they are answered; full, it drops its oldest. Readings come with numbers that grow within their epoch, and an
 * epoch that has been followed by another does not come back.
 */
export interface Spool {
  /** Readings held, sent or not. */
  readonly size: number;
  /** Whether readings of more than one round are held, or any of an earlier run. */
  readonly holdsRounds: boolean;
  /** Takes in a round; it can be taken once this resolves, which it always does. Answers what had to go since the last call. */
  add(readings: readonly LabelledReading[]): Promise<readonly Dropped[]>;
  /**
   * At most `max` readings to send next, of those that are at hand: those of the newest epoch, then the backlog, oldest first; by growing number
   * within each epoch. More may have to be fetched, which `whenReady` tells.
   */
  take(max: number): readonly LabelledReading[];
  /** Lets go of a reading that was answered. */
  release(reading: LabelledReading): void;
  /** Lets go of what the server holds already: all of `epoch` up to `seq`. Everything else is to be sent anew. */
  releaseThrough(epoch: string, seq: number): void;
  /** Everything held is to be sent anew. */
  rewind(): void;
  /** `listener` is called when there is more to take than the last `take` could answer. */
  whenReady(listener: () => void): void;
}
