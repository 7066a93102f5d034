export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/**
 * How long to wait before attempt `attempt` (0 for the first retry): doubling from `firstMs` to `maxMs`, with full jitter, so
 * that a thousand clients of a server that comes back do not arrive together.
 */
export function backoffMs(attempt: number, { firstMs, maxMs, random }: BackoffOptions): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
  return random() * ceilingMs;
}
