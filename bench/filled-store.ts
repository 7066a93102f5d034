import type { UnitReading } from '../src/core/reading.ts';
import type { UnitRecord } from '../src/core/unit.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { MachineDrift, type Sensor } from './machine-drift.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Those whose readings have 3 or 4 values. */
const sensors: readonly Sensor[] = ['ram', 'disk', 'cpu'];
/** How late a timer fires: less than this, and mostly not at all. */
const lateMsMax = 4;

export interface FilledUnit {
  readonly clientId: string;
  readonly sensor: Sensor;
}

export interface FillOptions {
  /** The store's own folder; made. */
  readonly folder: string;
  readonly units: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** From one reading of a unit to its next: 10 s unless it is given. */
  readonly stepMs?: number;
  /** What is stored in one commit: the readings of so many milliseconds, 2.5 s unless it is given. It divides the step, or is a multiple of it. */
  readonly commitMs?: number;
}

/**
 * Stores what `units` machines report in that time: each has one series and a reading of it at each step, at moments of its own. It goes straight into the store, under
 * a clock that runs as fast as the store takes it.
 */
export async function fillStore({
  folder,
  units,
  fromMs,
  toMs,
  stepMs = 10_000,
  commitMs = 2_500,
}: FillOptions): Promise<readonly FilledUnit[]> {
  const clock = createVirtualClock(fromMs);
  const store = await openSqliteStore({ folder, clock, log: () => undefined, dropped: () => undefined });
  const machines = Array.from({ length: units }, (_, index) => new FillingMachine(index, (index * stepMs) / units));
  const sliceMs = Math.min(stepMs, commitMs);
  /** In the order of their moments. */
  const due = (atMs: number): readonly UnitReading[] => {
    const inStepMs = (atMs - fromMs) % stepMs;
    return machines
      .slice((inStepMs / stepMs) * units, ((inStepMs + sliceMs) / stepMs) * units)
      .map((machine) => machine.next(atMs - inStepMs));
  };
  try {
    await store.append({ readings: [], units: machines.map(({ name, clientId }) => recordOf(name, clientId, fromMs)) });
    for (let atMs = fromMs; atMs < toMs; atMs += commitMs) {
      const slices = Array.from({ length: commitMs / sliceMs }, (_, slice) => atMs + slice * sliceMs);
      clock.set(atMs + commitMs);
      await store.append({ readings: slices.flatMap(due), units: [] });
    }
  } finally {
    await store.close();
  }
  return machines;
}

class FillingMachine implements FilledUnit {
  readonly name: string;
  readonly clientId: string;
  readonly sensor: Sensor;
  readonly #drift: MachineDrift;
  readonly #phaseMs: number;
  #seq = 0;
  #late: number;

  constructor(index: number, phaseMs: number) {
    this.name = `unit-${index}`;
    this.clientId = `unit${index}`.padEnd(22, '-');
    this.sensor = sensors[index % sensors.length] ?? 'ram';
    this.#drift = new MachineDrift(index);
    this.#phaseMs = Math.floor(phaseMs);
    this.#late = index;
  }

  next(stepFromMs: number): UnitReading {
    this.#seq += 1;
    // A linear congruential generator (that of Numerical Recipes), of which the high bits count.
    this.#late = (Math.imul(this.#late, 1_664_525) + 1_013_904_223) >>> 0;
    const late = Math.floor((this.#late / 2 ** 32) ** 2 * lateMsMax);
    const reading = this.#drift.next(this.sensor);
    const time = stepFromMs + this.#phaseMs + late;
    return {
      clientId: this.clientId,
      unit: this.name,
      reading: { seq: this.#seq, epoch: '5f2c91e0', time, ...reading },
    };
  }
}

function recordOf(name: string, clientId: string, registeredMs: number): UnitRecord {
  return {
    clientId,
    name,
    askedName: name,
    v: 2,
    ip: '127.0.0.1',
    port: 0,
    peer: '127.0.0.1',
    interval: { confirmedSeconds: 10, wantedSeconds: 10, rev: 1, confirmedRev: 1, assumed: false, tcpOnly: false },
    registeredMs,
    lastSeenMs: registeredMs,
    left: true,
  };
}
