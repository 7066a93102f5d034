import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UnitView } from '../../core/unit.ts';
import type { Fleet } from '../../server/contract.ts';

export interface UnitWalk {
  readonly fleet: Pick<Fleet, 'ids' | 'unit'>;
  /** Work in steps: between two of them the event loop may turn. */
  readonly visit: (unit: UnitView) => Iterable<unknown>;
  /** Asked whenever the loop has turned: whether nobody waits for the rest. */
  readonly isOver?: () => boolean;
}

/** A step takes some 2 to 5 µs, the view of a unit with it: so many of them hold the loop up for a millisecond, and for two or three where other work slows them down. */
const stepsATurn = 200;

/** Visits every unit without holding up the event loop, however many there are. Each is visited as it is at that moment; one that goes meanwhile is left out. */
export async function walkUnits({ fleet, visit, isOver = () => false }: UnitWalk): Promise<void> {
  let steps = 0;
  for (const clientId of fleet.ids()) {
    const unit = fleet.unit(clientId);
    if (unit === undefined) continue;
    for (const _ of visit(unit)) {
      steps += 1;
      if (steps < stepsATurn) continue;
      steps = 0;
      await nextTurn();
      if (isOver()) return;
    }
  }
}
