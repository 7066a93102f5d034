import type { FleetRow, Trails } from '../../../src/api/contract.ts';
import { kinds, shareOf, type Kind } from '../../../src/api/levels.ts';
import { measuredOf } from '../../../src/api/fleet-figures.ts';
import { sparkPath } from './spark-path.ts';

/** Minutes that a spark line shows, the running one included. */
export const trailSlots = 60;

/** The last hour of one unit: what the server had when it was asked, and what has come since. */
export class Trail {
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #values: Readonly<Record<Kind, (number | null)[]>>;

  constructor({ from, step, units }: Trails, clientId: string) {
    const found = units[clientId];
    this.#fromMs = from;
    this.#stepMs = step * 1_000;
    this.#values = {
      cpu_temp: [...(found?.cpu_temp ?? [])],
      ram: [...(found?.ram ?? [])],
      disk: [...(found?.disk ?? [])],
      cpu: [...(found?.cpu ?? [])],
    };
  }

  /** Takes up the newest values of the unit. Within a minute the last one stands. */
  extend(row: Pick<FleetRow, 'values' | 'clock_offset_ms'>): void {
    const aheadMs = row.clock_offset_ms ?? 0;
    for (const kind of kinds) {
      const newest = measuredOf(row, kind);
      if (newest === undefined) continue;
      const values = this.#values[kind];
      const slot = Math.floor((newest.time - aheadMs - this.#fromMs) / this.#stepMs);
      // A clock that is far off would make an hour of a year.
      if (slot < 0 || slot > values.length + trailSlots) continue;
      while (values.length <= slot) values.push(null);
      values[slot] = newest.value;
    }
  }

  /** The path of one kind for the hour up to `nowMs`, by the server's clock, which the trails of all units are by. */
  path(kind: Kind, nowMs: number): string {
    const values = this.#values[kind];
    const end = Math.floor((nowMs - this.#fromMs) / this.#stepMs) + 1;
    return sparkPath(
      Array.from({ length: trailSlots }, (_, index) => {
        const value = values[end - trailSlots + index] ?? null;
        return value === null ? null : shareOf(kind, value);
      }),
    );
  }
}
