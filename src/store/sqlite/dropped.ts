import type { RollUpName } from './chunks/tier.ts';

/** Readings that were dropped, the oldest first; they were stored from `fromMs` to `throughMs` by the server's clock, for their age or for the budget. */
export interface Dropped {
  readonly reason: 'age' | 'budget';
  /** Readings, or steps of the roll-up. */
  readonly droppedReadings: number;
  /** The roll-up that they were of; undefined for the readings themselves. */
  readonly rollUp?: RollUpName;
  readonly fromMs: number;
  readonly throughMs: number;
}

/** Until when to drop: what was stored before `beforeMs` as it is `nowMs`, or the oldest until so many bytes are free. */
export type DropGoal = { readonly beforeMs: number; readonly nowMs: number } | { readonly bytes: number };
