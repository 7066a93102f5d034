import type { FleetRow } from '../../../src/api/contract.ts';
import { compareNames } from './order.ts';

/** Keeps the units by name. Comparing names as people read them is dear, so it starts from the order that it had: a sort of what is nearly sorted compares each once. */
export class NameOrder {
  #ids: readonly string[] = [];

  /** All rows, by name. */
  rows(from: ReadonlyMap<string, FleetRow>): readonly FleetRow[] {
    const kept = this.#ids.flatMap((id) => from.get(id) ?? []);
    if (kept.length !== from.size) {
      const known = new Set(this.#ids);
      for (const [id, row] of from) if (!known.has(id)) kept.push(row);
    }
    kept.sort(compareNames);
    this.#ids = kept.map(({ client_id: id }) => id);
    return kept;
  }
}
