/** The event loop of the program, for those who decide when it may stand still. */
export interface Loop {
  /** Milliseconds that it has waited for something to happen, so far, without those of `rest`. */
  idleMs(): number;
  /** Stands still, for so long or until the store has a word for it: whatever happens meanwhile is found together when it goes on. */
  rest(ms: number): void;
}
