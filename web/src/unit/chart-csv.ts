import { csvField, lineEnd, timeText } from '../../../src/core/csv.ts';
import type { Line } from './line.ts';
import type { TimeSpan } from './view-range.ts';

const columns = ['time', 'step', 'unit', 'client_id', 'sensor', 'id', 'name', 'min', 'avg', 'max', 'count'];

/** What the charts show as CSV (RFC 4180), in the columns of the API's own; `used_ratio` of a disk is the part in use, 0 to 1. A line a point, of those in the span alone. */
export function csvOf(
  lines: readonly Line[],
  { unit, clientId, span }: { readonly unit: string; readonly clientId: string; readonly span: TimeSpan },
): string {
  const rows = lines.flatMap(({ sensor, id, name, points }) => {
    const texts = [unit, clientId, sensor, id ?? '', name].map(csvField).join(',');
    return points
      .filter(({ timeMs, stepMs }) => timeMs + stepMs > span.fromMs && timeMs < span.toMs)
      .map(
        ({ timeMs, stepMs, min, avg, max, count }) =>
          `${timeText(timeMs)},${stepMs / 1_000},${texts},${min},${avg},${max},${count}${lineEnd}`,
      );
  });
  return `${columns.join(',')}${lineEnd}${rows.join('')}`;
}
