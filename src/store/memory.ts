import { gapTouches, type GapRecord } from '../core/gap.ts';
import { limits } from '../core/limits.ts';
import type { JoinTokenRecord, MachineRecord } from '../core/machine.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { UnitRecord } from '../core/unit.ts';
import {
  mayBeFilled,
  type Appended,
  type Batch,
  type Directory,
  type LastKnown,
  type Query,
  type SeriesStep,
  type StepQuery,
  type Store,
} from './contract.ts';
import { KeptEvents } from './kept-events.ts';
import { comparePlaces, compareSeries, placeOf } from './order.ts';
import { addValues, recordOf, stepOf, wholeSteps, type StepValues } from './step-values.ts';

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
  /** By unit, then number. */
  readonly #gaps = new Map<string, Map<number, GapRecord>>();
  readonly #newestMs = new Map<string, number>();
  /** By key, and by id. */
  readonly #machines = new Map<string, MachineRecord>();
  readonly #tokens = new Map<string, JoinTokenRecord>();
  readonly #events = new KeptEvents();
  #next = 0;

  async append({ readings, units, gaps = [], machines = [], tokens = [], events = [] }: Batch): Promise<Appended> {
    for (const unit of units) this.#units.set(unit.clientId, unit);
    for (const { publicKey, machine } of machines) setOrDelete(this.#machines, publicKey, machine);
    for (const { id, token } of tokens) setOrDelete(this.#tokens, id, token);
    for (const { clientId, number, gap } of gaps) {
      const ofUnit = this.#gaps.get(clientId) ?? new Map<number, GapRecord>();
      this.#gaps.set(clientId, ofUnit);
      setOrDelete(ofUnit, number, gap);
      dropOldGaps(ofUnit);
    }
    for (const event of events) this.#events.add(event);
    const duplicates: number[] = [];
    let index = 0;
    for (const reading of readings) {
      if (this.#isDuplicate(reading)) duplicates.push(index);
      else this.#keep(reading);
      index += 1;
    }
    return { duplicates };
  }

  async *query(query: Query, signal?: AbortSignal): AsyncIterable<UnitReading> {
    for (const stored of this.#matching(query).toSorted(byTime)) {
      if (signal?.aborted === true) return;
      yield stored;
    }
  }

  async *steps(query: StepQuery, signal?: AbortSignal): AsyncIterable<SeriesStep> {
    const { stepMs } = query;
    const found = this.#matching({ ...query, ...wholeSteps(query) });
    let open: { readonly step: Omit<SeriesStep, 'values'>; readonly values: StepValues } | undefined;
    for (const { reading } of found.toSorted(
      (a, b) => compareSeries(a.reading, b.reading) || a.reading.time - b.reading.time,
    )) {
      if (signal?.aborted === true) return;
      const { sensor, id, values } = reading;
      const timeMs = stepOf(reading.time, stepMs);
      if (open?.step.sensor !== sensor || open.step.id !== id || open.step.timeMs !== timeMs) {
        if (open !== undefined && open.values.size > 0) yield { ...open.step, values: recordOf(open.values) };
        open = { step: { sensor, id, timeMs, stepMs }, values: new Map() };
      }
      addValues(open.values, values);
    }
    if (open !== undefined && open.values.size > 0) yield { ...open.step, values: recordOf(open.values) };
  }

  async units(): Promise<readonly UnitRecord[]> {
    return [...this.#units.values()];
  }

  async highestSeq(clientId: string, epoch: string): Promise<number> {
    return this.#highest.get(clientId)?.get(epoch) ?? 0;
  }

  async events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[]> {
    return this.#events.between(clientId, fromMs, toMs);
  }

  async bytes(): Promise<undefined> {
    return undefined;
  }

  async gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapRecord[]> {
    return [...(this.#gaps.get(clientId)?.values() ?? [])].filter((gap) => gapTouches(gap, fromMs, toMs));
  }

  async lastKnown(): Promise<LastKnown> {
    const gaps: GapRecord[] = [];
    let gapNumber = 0;
    for (const ofUnit of this.#gaps.values()) {
      const all = [...ofUnit.values()];
      const fillable = new Set(all.filter(mayBeFilled).slice(-limits.fillableGapsMax));
      for (const gap of all) if (gap.toMs === undefined || fillable.has(gap)) gaps.push(gap);
      gapNumber = Math.max(gapNumber, ...ofUnit.keys());
    }
    return { gaps, gapNumber, newestMs: new Map(this.#newestMs) };
  }

  async machines(): Promise<readonly MachineRecord[]> {
    return [...this.#machines.values()];
  }

  async tokens(): Promise<readonly JoinTokenRecord[]> {
    return [...this.#tokens.values()];
  }

  /** In order of arrival. */
  #matching({ clientId, sensor, id, fromMs, toMs }: Query): UnitReading[] {
    const oldest = this.#readings.length < limits.memoryReadingsMax ? 0 : this.#next;
    const inOrder = [...this.#readings.slice(oldest), ...this.#readings.slice(0, oldest)];
    return inOrder.filter(({ clientId: owner, reading }) => {
      if (owner !== clientId || !(reading.time >= fromMs && reading.time < toMs)) return false;
      return (sensor === undefined || reading.sensor === sensor) && (id === undefined || reading.id === id);
    });
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
    const {
      clientId,
      reading: { time },
    } = reading;
    if (time > (this.#newestMs.get(clientId) ?? Number.NEGATIVE_INFINITY)) this.#newestMs.set(clientId, time);
    if (this.#readings.length < limits.memoryReadingsMax) this.#readings.push(reading);
    else this.#readings[this.#next] = reading;
    this.#next = (this.#next + 1) % limits.memoryReadingsMax;
  }
}

function byTime(one: UnitReading, other: UnitReading): number {
  return comparePlaces(placeOf(one), placeOf(other));
}

function setOrDelete<Key, Kept>(map: Map<Key, Kept>, key: Key, kept: Kept | undefined): void {
  if (kept === undefined) map.delete(key);
  else map.set(key, kept);
}

/** Those that have ended, the oldest first, down to as many as a unit may have. */
function dropOldGaps(ofUnit: Map<number, GapRecord>): void {
  for (const { number, toMs } of ofUnit.values()) {
    if (ofUnit.size <= limits.gapsAUnitMax) return;
    if (toMs !== undefined) ofUnit.delete(number);
  }
}
