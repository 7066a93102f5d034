import { duration } from '../format/times.ts';
import { count as counted } from '../format/quantities.ts';
import type { GapSpan } from './gap-span.ts';
import { unreachable } from '../../../src/core/assert.ts';

/** Why readings are missing, in a sentence. `nowMs`: for a gap that lasts. */
export function gapWords(gap: GapSpan, nowMs: number): string {
  const lasts = gap.toMs === Number.POSITIVE_INFINITY;
  const seconds = Math.max(0, ((lasts ? nowMs : gap.toMs) - gap.fromMs) / 1_000);
  // Digits behind the point that change each second are not read.
  return `${reasonOf(gap)} (${lasts ? `for ${duration(Math.round(seconds))} so far` : duration(seconds)}).`;
}

function reasonOf({ reason, sensor, id, count }: GapSpan): string {
  switch (reason) {
    case 'host-off':
      return 'The machine was off or asleep, or its client did not run';
    case 'link-down':
      return 'The link was down; what was measured came later, nothing is missing';
    case 'left':
      return 'The unit said goodbye';
    case 'lost':
      return 'The connection broke, and nobody can say why';
    case 'sensor-gone':
      return `${[sensor, id].filter((word) => word !== undefined).join(' ')} gave no readings while others went on`;
    case 'spool-dropped':
      return `The client had no room for ${count === undefined ? 'some' : counted(count)} readings, and dropped them`;
    default:
      return unreachable(reason);
  }
}
