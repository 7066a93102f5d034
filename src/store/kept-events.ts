import { limits } from '../core/limits.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';

/** What happened to units, in memory: of each the newest, in order of time, and those of one time as they came. */
export class KeptEvents {
  readonly #byUnit = new Map<string, UnitEventRecord[]>();

  /** Unless it is kept already. */
  add(event: UnitEventRecord): void {
    const kept = this.#byUnit.get(event.clientId) ?? [];
    this.#byUnit.set(event.clientId, kept);
    const place = kept.findLastIndex(({ timeMs }) => timeMs <= event.timeMs) + 1;
    for (let before = place - 1; kept[before]?.timeMs === event.timeMs; before -= 1) {
      if (isSame(kept[before], event)) return;
    }
    kept.splice(place, 0, event);
    if (kept.length > limits.eventsAUnitMax) kept.shift();
  }

  between(clientId: string, fromMs: number, toMs: number): readonly UnitEventRecord[] {
    return (this.#byUnit.get(clientId) ?? []).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
  }
}

function isSame(one: UnitEventRecord | undefined, { event, details }: UnitEventRecord): boolean {
  return one?.event === event && JSON.stringify(one.details) === JSON.stringify(details);
}
