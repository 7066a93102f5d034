/** Crashes with a stack where our own invariant is broken. Never for what a peer, a user or a disk did. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** The end of a switch over a union: a new member breaks the build here. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unreachable with ${JSON.stringify(value)}`);
}
