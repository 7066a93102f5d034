import type { GapReason, GapView } from '../../../src/api/contract.ts';

/** A stretch of time in which readings are missing, or came later. By the unit's clock, milliseconds since 1970; `toMs` is infinite while it lasts. */
export interface GapSpan {
  readonly reason: GapReason;
  readonly sensor: string | undefined;
  readonly id: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number | undefined;
}

export function gapSpans(views: readonly GapView[]): readonly GapSpan[] {
  return views.map(({ reason, sensor, id, from, to, count }) => ({
    reason,
    sensor,
    id,
    fromMs: Date.parse(from),
    toMs: to === null ? Number.POSITIVE_INFINITY : Date.parse(to),
    count,
  }));
}

/** Whether a gap is one of this series: of all, or of the sensor that has gone. */
export function concerns(gap: GapSpan, { sensor, id }: { readonly sensor: string; readonly id: string | undefined }) {
  return gap.sensor === undefined || (gap.sensor === sensor && (gap.id === undefined || gap.id === id));
}
