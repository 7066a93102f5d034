/** Time as the program is given it, so that a test can give another. */
export interface Clock {
  /** Milliseconds that only ever grow; their origin means nothing. */
  monotonicMs(): number;
  /** Milliseconds since 1970, UTC, as the machine believes; may jump. */
  wallMs(): number;
  /** Runs `task` once, `delayMs` from now; the result cancels it. */
  after(delayMs: number, task: () => void): () => void;
}
