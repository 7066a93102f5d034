/** Who waits for the outcome of what was taken in. */
export interface Waiter {
  /** The oldest that has no outcome yet is stored. */
  stored(): void;
  /** Neither this nor anything that was taken in later and before this call is stored. */
  failed(words: string): void;
  /** Outcomes that follow one another have been told: what is to be said about them can go out in one piece. */
  settled?(): void;
  /** Of the intake's: when it last heard of this waiter. */
  window?: number;
}

/** Of a change that is worth keeping and not worth waiting for: the next registration brings it again. */
export const unawaited: Waiter = { stored: () => undefined, failed: () => undefined };
