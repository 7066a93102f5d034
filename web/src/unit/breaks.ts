import type { GapSpan } from './gap-span.ts';
import type { Point } from './line.ts';

/** A point that is missing for longer than this many of the steps around it is missing, and no line is drawn across. */
const stepsMax = 2.5;

/**
 * Where a line breaks: true at an index means between this point and the next. It does where a gap that was not filled lies on a step that is missing, and where more steps are missing
 * than the readings on either side are apart: a unit of a 10 s interval has a point in every tenth step of a second, and no gap.
 */
export function breaksOf(points: readonly Point[], gaps: readonly GapSpan[]): readonly boolean[] {
  const open = gaps.filter(({ reason }) => reason !== 'link-down');
  return points.map((point, index) => {
    const next = points[index + 1];
    if (next === undefined) return false;
    const apartMs = next.timeMs - point.timeMs;
    if (apartMs <= point.stepMs) return false;
    const usualMs = Math.max(point.stepMs, next.stepMs, ...neighbours(points, index));
    const endMs = point.timeMs + point.stepMs;
    return apartMs > stepsMax * usualMs || open.some(({ fromMs, toMs }) => fromMs < next.timeMs && toMs > endMs);
  });
}

/** How far apart the points before, and those after are. With two points alone nothing can be told, and they are joined. */
function neighbours(points: readonly Point[], index: number): readonly number[] {
  if (points.length === 2) return [Number.POSITIVE_INFINITY];
  return [apart(points, index - 1), apart(points, index + 1)];
}

function apart(points: readonly Point[], index: number): number {
  const from = points[index];
  const to = points[index + 1];
  return from === undefined || to === undefined ? 0 : to.timeMs - from.timeMs;
}
