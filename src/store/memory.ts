import { limits } from '../core/limits.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitRecord } from '../core/unit.ts';
import type { Appended, Batch, Directory, Query, Store } from './contract.ts';

/**
 * Keeps the newest readings in memory: for tests, and until there is a store on disk. It survives nothing, so what it acknowledges is stored
 * only as long as the process lives.
 */
export class MemoryStore implements Store, Directory {
  /** A ring, the oldest at `#next` once it is full. */
  readonly #readings: UnitReading[] = [];
  readonly #units = new Map<string, UnitRecord>();
  /** The highest `seq` by unit, then epoch. */
  readonly #highest = new Map<string, Map<string, number>>();
  #next = 0;

  async append({ readings, units }: Batch): Promise<Appended> {
    for (const unit of units) this.#units.set(unit.clientId, unit);
    const duplicates: number[] = [];
    for (const [index, reading] of readings.entries()) {
      if (this.#isDuplicate(reading)) duplicates.push(index);
      else this.#keep(reading);
    }
    return { duplicates };
  }

  async *query({ clientId, sensor, id, fromMs, toMs }: Query): AsyncIterable<UnitReading> {
    const oldest = this.#readings.length < limits.memoryReadingsMax ? 0 : this.#next;
    const inOrder = [...this.#readings.slice(oldest), ...this.#readings.slice(0, oldest)];
    for (const stored of inOrder) {
      const { reading } = stored;
      if (stored.clientId !== clientId || !(reading.time >= fromMs && reading.time < toMs)) continue;
      if ((sensor !== undefined && reading.sensor !== sensor) || (id !== undefined && reading.id !== id)) continue;
      yield stored;
    }
  }

  async units(): Promise<readonly UnitRecord[]> {
    return [...this.#units.values()];
  }

  async highestSeq(clientId: string, epoch: string): Promise<number> {
    return this.#highest.get(clientId)?.get(epoch) ?? 0;
  }

  #isDuplicate({ clientId, reading: { epoch, seq } }: UnitReading): boolean {
    if (epoch === undefined || seq === undefined) return false;
    let byEpoch = this.#highest.get(clientId);
    if (byEpoch === undefined) {
      byEpoch = new Map();
      this.#highest.set(clientId, byEpoch);
    }
    if (seq <= (byEpoch.get(epoch) ?? 0)) return true;
    byEpoch.set(epoch, seq);
    return false;
  }

  /** A ring: the newest takes the place of the oldest. */
  #keep(reading: UnitReading): void {
    if (this.#readings.length < limits.memoryReadingsMax) this.#readings.push(reading);
    else this.#readings[this.#next] = reading;
    this.#next = (this.#next + 1) % limits.memoryReadingsMax;
  }
}
