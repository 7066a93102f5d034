import type { GapRecord } from '../core/gap.ts';

/** Where gaps are kept. What is kept or forgotten is stored with the next batch, and tried again where that fails. */
export interface GapKeeper {
  /** The number of a new gap. */
  nextNumber(): number;
  keep(gap: GapRecord): void;
  /** There is no such gap after all. */
  forget(gap: GapRecord): void;
}
