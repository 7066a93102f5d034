import type { IntervalRecord, UnitView } from '../core/unit.ts';

/** The interval of a unit as the API shows it; `tries` is how often the wanted one was sent. */
export function intervalView(
  { confirmedSeconds, wantedSeconds, rev, confirmedRev, assumed }: IntervalRecord,
  tries: number,
): UnitView['interval'] {
  const state = confirmedRev >= rev ? 'confirmed' : assumed ? 'assumed' : 'sending';
  return { confirmed: confirmedSeconds, wanted: wantedSeconds, rev, state, tries };
}
