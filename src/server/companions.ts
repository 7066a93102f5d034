import type { Batch } from '../store/contract.ts';

/** What goes with every commit, as it is by then. */
export interface Companions {
  changes(): Pick<Batch, 'machines' | 'tokens'>;
  /** The commit with these is through. */
  stored(changes: Pick<Batch, 'machines' | 'tokens'>): void;
  /** A commit has failed; called before anybody who waits is told. */
  failed(): void;
}
