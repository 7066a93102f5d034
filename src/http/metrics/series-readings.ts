import type { ReadingView, UnitView } from '../../core/unit.ts';

/** The newest reading of a series; `id` is empty where there is none, which is one and the same to Prometheus. */
export interface SeriesReading {
  readonly sensor: string;
  readonly id: string;
  /** When it was taken: milliseconds since 1970, by the clock of the unit. */
  readonly time: number;
  readonly view: ReadingView;
}

/** The newest readings of a unit, of each sensor and `id` as labels have them one. */
export function* readingsOf({ latest }: Pick<UnitView, 'latest'>): Generator<SeriesReading> {
  for (const [sensor, readings] of Object.entries(latest)) {
    const ids = new Set<string>();
    for (const view of readings) {
      const id = String(view['id'] ?? '').toWellFormed();
      // Two that only broken characters tell apart would be one series with two values, and Prometheus would take neither.
      if (ids.has(id)) continue;
      ids.add(id);
      yield { sensor, id, time: Number(view['time']), view };
    }
  }
}

/** Members of a reading that are no values (core/unit.ts). */
const own = new Set(['seq', 'time', 'sensor', 'id', 'epoch', 'source']);

/** Calls `visit` with each value under its name on the wire. */
export function eachValue(view: ReadingView, visit: (name: string, value: number) => void): void {
  for (const name in view) {
    const value = view[name];
    if (typeof value === 'number' && !own.has(name)) visit(name, value);
  }
}

export function valueOf(view: ReadingView, name: string): number | undefined {
  const value = Object.hasOwn(view, name) ? view[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}
