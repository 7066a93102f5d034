import type { Batch } from '../store/contract.ts';

type Changes = Pick<Batch, 'machines' | 'tokens' | 'events'>;

/** What goes with every commit, as it is by then. */
export interface Companions {
  changes(): Changes;
  /** The commit with these is through. */
  stored(changes: Changes): void;
  /** A commit has failed; called before anybody who waits is told. */
  failed(): void;
}
