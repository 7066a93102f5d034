/** One line of the table: what was measured, once for each run. Small is good where there is a limit. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly number[];
  /** What the project promises of the median. */
  readonly limit?: number;
  /** What it would like. */
  readonly aim?: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Each run's value over that of the same run of the other: what slowed the machine slowed both. */
export function ratios(ours: readonly number[], bare: readonly number[]): readonly number[] {
  return ours.map((value, index) => value / (bare[index] ?? Number.NaN));
}

/** As Markdown, so that the README can quote it as it is. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, runs, limit, aim }) => [
    name,
    unit,
    shown(Math.min(...runs)),
    shown(median(runs)),
    shown(Math.max(...runs)),
    limit === undefined ? '' : shown(limit),
    aim === undefined ? '' : shown(aim),
    String(runs.length),
  ]);
  const head = ['figure', 'unit', 'min', 'median', 'max', 'limit', 'aim', 'runs'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |\n`;
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...rows].map(line).join('');
}

/** A sentence for each figure whose median is above its limit, or above what is aimed at. */
export function missed(figures: readonly Figure[]): readonly string[] {
  return figures.flatMap(({ name, unit, runs, limit, aim }) => {
    const value = median(runs);
    if (limit !== undefined && value > limit) return [`OVER ITS LIMIT: ${name}, ${shown(value)} ${unit}`];
    if (aim !== undefined && value > aim) return [`short of its aim: ${name}, ${shown(value)} ${unit}`];
    return [];
  });
}

/** Three digits: no run repeats a fourth. */
function shown(value: number): string {
  return Math.abs(value) >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
