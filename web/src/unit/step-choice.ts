/** Steps that people think in, in seconds: 1 s to a week. The server has nothing finer but the readings themselves. */
export const stepSeconds: readonly number[] = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/** A line has about a point for every second pixel (CSS pixels): more cannot be seen. */
const pixelsAPoint = 2;

/** Of how many seconds the steps of a chart should be: the one that comes nearest to a point for every second pixel. */
export function stepFor({ lengthMs, widthPx }: { readonly lengthMs: number; readonly widthPx: number }): number {
  const wanted = lengthMs / 1_000 / Math.max(1, widthPx / pixelsAPoint);
  let chosen = stepSeconds[0] ?? 1;
  for (const step of stepSeconds) if (distance(step, wanted) < distance(chosen, wanted)) chosen = step;
  return chosen;
}

/** By how many times one is the other. */
function distance(step: number, wanted: number): number {
  return Math.max(step / wanted, wanted / step);
}
