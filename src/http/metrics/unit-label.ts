import type { UnitView } from '../../core/unit.ts';

/** What a unit is called in labels: its name, which no other has. */
export function unitLabel({ name, client_id: clientId }: Pick<UnitView, 'name' | 'client_id'>): string {
  // Names with half a surrogate pair may be different here and the same once they are written.
  return name.isWellFormed() ? name : `${name.toWellFormed()} (${clientId})`;
}
