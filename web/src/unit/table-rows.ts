import type { Line } from './line.ts';
import type { TimeSpan } from './view-range.ts';

export const tableRowsMax = 200;

export interface TableRow {
  readonly timeMs: number;
  /** Means, one a line. */
  readonly values: readonly (number | undefined)[];
}

/** The newest rows of some lines first, and how many are left out. */
export function tableOf(
  lines: readonly Line[],
  { fromMs, toMs }: TimeSpan,
): { readonly rows: readonly TableRow[]; readonly left: number } {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [index, { points }] of lines.entries()) {
    for (const { timeMs, stepMs, avg } of points) {
      if (timeMs + stepMs <= fromMs || timeMs >= toMs) continue;
      let values = rows.get(timeMs);
      if (values === undefined) rows.set(timeMs, (values = Array.from({ length: lines.length })));
      values[index] = avg;
    }
  }
  const sorted = [...rows].toSorted(([one], [other]) => other - one);
  const shown = sorted.slice(0, tableRowsMax).map(([timeMs, values]) => ({ timeMs, values }));
  return { rows: shown, left: sorted.length - shown.length };
}
