/** Worlds in which something was wrong once, with what it was: they come first in every run. */
export const knownSeeds: readonly { readonly seed: number; readonly found: string }[] = [];

/** The first of the seeds that every run goes through. */
export const firstSeed = 20_261_121;

/** Worlds that a run goes through, besides the known ones. */
export const worlds = 800;
