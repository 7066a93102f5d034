/**
 * The value below which the part `q` of a distribution lies, by linear interpolation in its bucket, as PromQL's histogram_quantile has it; null where there is nothing. `counts` has one more
 * than `bounds`, each those of its bucket alone. What lies beyond the last bound is told as that bound.
 */
export function quantile(q: number, bounds: readonly number[], counts: readonly number[]): number | null {
  const wanted = q * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = bounds[index];
    if (upper === undefined) break;
    if (count > 0 && below + count >= wanted) {
      const lower = bounds[index - 1] ?? 0;
      return lower + ((upper - lower) * (wanted - below)) / count;
    }
    below += count;
  }
  return wanted > 0 ? (bounds.at(-1) ?? null) : null;
}
