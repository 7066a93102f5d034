/** How fine the rows of a chunk are: 0 are the readings themselves, the others are roll-ups of a step each. */
export type Tier = 0 | 1 | 2 | 3;

/** The roll-ups, finest first. Each step is a whole number of those before it. */
export const rollUps = [
  { tier: 1, name: '1m', stepMs: 60_000 },
  { tier: 2, name: '10m', stepMs: 600_000 },
  { tier: 3, name: '2h', stepMs: 7_200_000 },
] as const satisfies readonly { readonly tier: Tier; readonly name: string; readonly stepMs: number }[];

/** Chunks of a tier are joined where all of them were stored within such a stretch of time: an old reading must not stay because a new one is beside it. */
export const joinedMs = [
  86_400_000,
  8 * 86_400_000,
  32 * 86_400_000,
  365 * 86_400_000,
] as const satisfies readonly number[];

export type RollUpName = (typeof rollUps)[number]['name'];

export const tiers: readonly Tier[] = [0, 1, 2, 3];

/** The step of a roll-up in milliseconds; undefined of the readings themselves. */
export function stepMsOf(tier: Tier): number | undefined {
  return rollUps.find((one) => one.tier === tier)?.stepMs;
}
