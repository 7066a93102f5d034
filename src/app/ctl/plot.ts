/** A step as it is drawn. `timeMs` is its beginning. */
export interface PlotStep {
  readonly timeMs: number;
  readonly stepMs: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly count: number;
}

export interface PlotOptions {
  /** Whole steps. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** What a line may have. */
  readonly columns: number;
  readonly rows: number;
  /** Whether the terminal draws block characters. */
  readonly blocks: boolean;
  readonly show: (value: number) => string;
  /** What stands below its beginning and its end. */
  readonly ends: readonly [from: string, to: string];
}

/** From an empty cell to a full one; what reaches above the mean; the axis. */
const blockCharacters = { cells: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], peak: '░', axis: '┤' };
const plainCharacters = { cells: [' ', '.', ':', '#'], peak: '|', axis: '|' };
const columnsMin = 8;

/** What one column of the plot stands for: some steps, or a part of one. */
interface Bar {
  readonly count: number;
  readonly avg: number;
  readonly max: number;
}

/**
 * A plot of one value over time in lines of text: bars up to the mean of each step, and above them, lighter, up to its largest value. Where there is nothing there is
 * a hole: the smallest value has a bar too. The axis has the largest and the smallest value.
 */
export function plot(steps: readonly PlotStep[], options: PlotOptions): string {
  const { blocks, show, ends } = options;
  const { cells, peak, axis } = blocks ? blockCharacters : plainCharacters;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { min, max } of steps) [low, high] = [Math.min(low, min), Math.max(high, max)];
  const rows = low === high ? 1 : options.rows;
  const labels = Array.from({ length: rows }, (_, row) => (row === 0 ? show(high) : row === rows - 1 ? show(low) : ''));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const bars = barsOf(steps, { ...options, columns: Math.max(columnsMin, options.columns - labelWidth - 2) });

  const full = cells.length - 1;
  const level = (value: number): number =>
    // Halves, since the distance of two numbers may be beyond all numbers.
    low === high
      ? Math.ceil(full / 2)
      : 1 + Math.round(((value / 2 - low / 2) / (high / 2 - low / 2)) * (rows * full - 1));
  const lines = labels.map((label, row) => {
    const below = (rows - 1 - row) * full;
    const drawn = bars.map((bar) => {
      if (bar === undefined) return ' ';
      const filled = Math.min(full, level(bar.avg) - below);
      if (filled > 0) return cells[filled] ?? ' ';
      return level(bar.max) > below ? peak : ' ';
    });
    return `${label.padStart(labelWidth)} ${axis}${drawn.join('').trimEnd()}\n`;
  });
  const [from, to] = ends;
  const space = ' '.repeat(Math.max(1, bars.length - from.length - to.length));
  return `${lines.join('')}${' '.repeat(labelWidth + 2)}${from}${space}${to}\n`;
}

/** One for each column: of each step some columns, or of some steps one. */
function barsOf(
  steps: readonly PlotStep[],
  { fromMs, toMs, stepMs, columns }: Pick<PlotOptions, 'fromMs' | 'toMs' | 'stepMs' | 'columns'>,
): readonly (Bar | undefined)[] {
  const count = (toMs - fromMs) / stepMs;
  const width = count <= columns ? count * Math.floor(columns / count) : columns;
  const columnOf = (ms: number): number => Math.floor(((ms - fromMs) / (toMs - fromMs)) * width + 1e-9);
  const bars = Array.from<Bar | undefined>({ length: width });
  for (const step of steps) {
    const first = Math.max(0, columnOf(step.timeMs));
    const end = Math.min(width, Math.max(columnOf(step.timeMs + step.stepMs), columnOf(step.timeMs) + 1));
    for (let column = first; column < end; column += 1) bars[column] = joined(bars[column], step);
  }
  return bars;
}

function joined(bar: Bar | undefined, { count, avg, max }: PlotStep): Bar {
  if (bar === undefined) return { count, avg, max };
  const all = bar.count + count;
  return { count: all, avg: bar.avg * (bar.count / all) + avg * (count / all), max: Math.max(bar.max, max) };
}
