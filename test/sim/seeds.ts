/**
 * Worlds in which something was wrong once, with what it was: they come first in every run. The first four are from before there were disks in the
 * worlds, and are others now; tests of the session and the server hold what they found.
 */
export const knownSeeds: readonly { readonly seed: number; readonly found: string }[] = [
  {
    seed: 20_261_152,
    found:
      '!SUCC granted an interval that the store had not yet taken, and then never did: two intervals, one revision',
  },
  {
    seed: 20_261_226,
    found: 'a failed interval gave way to the one before it, which had failed too and was in no store',
  },
  {
    seed: 20_261_316,
    found: 'an interval that was stored while a newer one waited was never told when the newer one failed',
  },
  {
    seed: 20_264_151,
    found:
      'a v1 unit that was told its interval as often as it is told counted as being told after a newer one had failed',
  },
  {
    seed: 20_261_592,
    found: 'readings that left memory while their segment was being read from disk were given up as damaged',
  },
  {
    seed: 20_261_468,
    found: 'a round that a failed write had left in an older segment was not held at all after a restart',
  },
  {
    seed: 20_262_059,
    found: 'readings that a failed write had left under another epoch were held twice, and one of the two for ever',
  },
  {
    seed: 5_002_250,
    found:
      'what a disk had of a deleted segment was taken for a write that was done again, and held readings were let go of',
  },
  {
    seed: 909_020,
    found:
      'the book of keys held a machine to a name that it had given up for another, which was then bound to the next',
  },
];

/** The first of the seeds that every run goes through. */
export const firstSeed = 20_261_121;

/** Worlds that a run goes through, besides the known ones. */
export const worlds = 600;
