import { movedBy, scaledBy, type ViewRange } from './view-range.ts';

/** How far an arrow moves, and how much one step of zoom is. */
export const moveParts = 0.25;
export const zoomFactor = 2;

/** What a key makes of the range; undefined where it is none of these. */
export function rangeForKey(key: string, range: ViewRange, nowMs: number): ViewRange | undefined {
  switch (key) {
    case 'ArrowLeft':
      return movedBy(range, -moveParts, nowMs);
    case 'ArrowRight':
      return movedBy(range, moveParts, nowMs);
    case '+':
    case '=':
      return scaledBy(range, 1 / zoomFactor, nowMs);
    case '-':
      return scaledBy(range, zoomFactor, nowMs);
    case 'End':
      return { lengthMs: range.lengthMs, endMs: undefined };
    default:
      return undefined;
  }
}
