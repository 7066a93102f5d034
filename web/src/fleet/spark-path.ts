/** Of the picture that a spark line is drawn in, whatever size it is shown at. */
export const sparkWidth = 60;
export const sparkHeight = 20;

/**
 * The path of a spark line. `shares` are 0 (the bottom) to 1, equally apart; `null` is a gap. A value that stands alone between gaps is a dot. Half pixels are fine enough to be seen, and coarse
 * enough that most changes of a value change nothing that has to be painted.
 */
export function sparkPath(shares: readonly (number | null)[]): string {
  const step = shares.length > 1 ? sparkWidth / (shares.length - 1) : 0;
  let path = '';
  let isDrawing = false;
  for (const [index, share] of shares.entries()) {
    if (share === null) {
      isDrawing = false;
      continue;
    }
    const x = halves(index * step);
    const y = halves(1 + (1 - share) * (sparkHeight - 2));
    if (isDrawing) path += `L${x} ${y}`;
    else path += typeof shares[index + 1] === 'number' ? `M${x} ${y}` : `M${x} ${y}h.1`;
    isDrawing = true;
  }
  return path;
}

function halves(length: number): number {
  return Math.round(length * 2) / 2;
}
