import type { ReadingView, UnitView } from '../../src/core/unit.ts';
import { startMs, unitView } from './fake-hub.ts';

/** The unit `u`, whose clock is right, and which has sent these at `startMs`, or when they say; each with its `sensor`. */
export function sendingUnit(...readings: readonly ReadingView[]): UnitView {
  const timed = readings.map((reading): ReadingView => Object.assign({ time: startMs }, reading));
  const latest = Object.fromEntries(Map.groupBy(timed, ({ sensor }) => String(sensor)));
  return unitView({ name: 'u', clock_offset_ms: 0, latest });
}
