/** Longer texts are no misspelling of any name here. */
const lengthMax = 64;

/**
 * The candidate that `text` most likely meant: at most a third of its letters wrong, missing or too many (and always one allowed),
 * case and the signs `-`, `_` and `.` counting as the same. Undefined where none is near.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  if (text.length > lengthMax) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    const between = distance(folded(text), folded(candidate));
    if (between < bestDistance) {
      best = candidate;
      bestDistance = between;
    }
  }
  return best;
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll(/[-.]/g, '_');
}

/** Levenshtein's distance: insertions, deletions and replacements from one text to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at];
    for (let other = 1; other <= to.length; other += 1) {
      const replaced = (row[other - 1] ?? 0) + (from[at - 1] === to[other - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
