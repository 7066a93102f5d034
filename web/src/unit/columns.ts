import { breaksOf } from './breaks.ts';
import { concerns, type GapSpan } from './gap-span.ts';
import type { Line } from './line.ts';

/** A value at a time; null: a gap; undefined: another line has a point there, this one goes on. */
export type Cell = number | null | undefined;

/** The lines of a chart as columns over one axis of time: first the times, then of each line the greatest, the least, and the mean. */
export type Columns = [times: number[], ...values: Cell[][]];

/** How many columns a line has. */
export const columnsALine = 3;

/** Joins lines whose points need not lie at the same times. */
export function columnsOf(lines: readonly Line[], gaps: readonly GapSpan[]): Columns {
  const broken = lines.map((line) =>
    breaksOf(
      line.points,
      gaps.filter((gap) => concerns(gap, line)),
    ),
  );
  const times = timesOf(lines, broken);
  return [times, ...lines.flatMap((line, index) => columnsOfLine(line, broken[index] ?? [], times))];
}

/** Every time at which there is a point, and one in each gap, where the line is cut. */
function timesOf(lines: readonly Line[], broken: readonly (readonly boolean[])[]): number[] {
  const all = lines.flatMap(({ points }, index) =>
    points.flatMap(({ timeMs, stepMs }, at) => (broken[index]?.[at] === true ? [timeMs, timeMs + stepMs] : [timeMs])),
  );
  const sorted = Float64Array.from(all).toSorted();
  return Array.from(sorted.filter((time, index) => time !== sorted[index - 1]));
}

function columnsOfLine({ points }: Line, broken: readonly boolean[], times: readonly number[]): Cell[][] {
  const greatest: Cell[] = [];
  const least: Cell[] = [];
  const mean: Cell[] = [];
  let next = 0;
  for (const time of times) {
    const point = points[next];
    if (point?.timeMs === time) {
      greatest.push(point.max);
      least.push(point.min);
      mean.push(point.avg);
      next += 1;
    } else {
      // Before its first point and after its last there is no line either.
      const between = next > 0 && point !== undefined && broken[next - 1] !== true ? undefined : null;
      greatest.push(between);
      least.push(between);
      mean.push(between);
    }
  }
  return [greatest, least, mean];
}
