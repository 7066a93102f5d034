import type { FleetChanges, FleetRow, FleetSnapshot } from './contract.ts';

/** The fleet by `client_id`, from the events of its stream. Rows are replaced, never changed: who has drawn one sees by identity whether it is the same. */
export class FleetRows {
  readonly #rows = new Map<string, FleetRow>();

  get rows(): ReadonlyMap<string, FleetRow> {
    return this.#rows;
  }

  /** All there are. */
  take({ units }: Pick<FleetSnapshot, 'units'>): void {
    this.#rows.clear();
    for (const row of units) this.#rows.set(row.client_id, row);
  }

  /** Whether any row has changed. */
  change({ rows, values, gone }: Pick<FleetChanges, 'rows' | 'values' | 'gone'>): boolean {
    for (const row of rows) this.#rows.set(row.client_id, row);
    for (const newest of values) {
      const row = this.#rows.get(newest[0]);
      if (row !== undefined) this.#rows.set(newest[0], { ...row, values: newest });
    }
    for (const clientId of gone) this.#rows.delete(clientId);
    return rows.length + values.length + gone.length > 0;
  }
}
