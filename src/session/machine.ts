/**
 * What decides, apart from sockets, clocks and disks: inputs in, actions out, time as an argument. `nowMs` grows only; its
 * origin means nothing.
 */
export interface Machine<Input, Action> {
  /** Never throws on what a peer sent. */
  handle(input: Input, nowMs: number): readonly Action[];
  /** When it wants a `wake`; extra wakes are harmless. */
  readonly deadlineMs: number | undefined;
}

/** The earlier of two deadlines, where there is one. */
export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return Math.min(a, b);
}
