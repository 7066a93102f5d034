import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Reading } from '../core/reading.ts';
import type { Sensor } from '../sensors/contract.ts';

export interface RoundsOptions {
  readonly sensors: readonly Sensor[];
  readonly clock: Clock;
  readonly log: Log;
  /** How long one sensor may take; it costs its own readings only. */
  readonly timeoutMs: number;
}

/** How a sensor last fared, so that news is told once. */
type Fate = 'fine' | 'absent' | 'failed';

/** Reads all sensors, each apart from the others: one that hangs, or throws, is not in the round, and hinders nobody. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #fates = new Map<Sensor, Fate>();
  /** What each sensor left out last, as it was told. */
  readonly #omitted = new Map<Sensor, ReadonlyMap<string, string>>();
  /** Sensors whose last call has not returned; they are not asked again until it does. */
  readonly #hanging = new Set<Sensor>();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** One round: the readings of the sensors that answered in time, in the order of the list. */
  async read(): Promise<readonly Reading[]> {
    const { sensors, clock, timeoutMs } = this.#options;
    const abort = new AbortController();
    let cancel: (() => void) | undefined;
    // One timer for all: they are asked together, and on a small machine a timer each costs as much as reading the sensor.
    const timeout = new Promise<Error>((resolve) => {
      cancel = clock.after(timeoutMs, () => {
        abort.abort();
        resolve(new Error(`no answer within ${timeoutMs} ms`));
      });
    });
    const asked = sensors.filter((sensor) => !this.#hanging.has(sensor));
    const rounds = await Promise.all(asked.map((sensor) => this.#readOne(sensor, abort.signal, timeout)));
    cancel?.();
    return rounds.flat();
  }

  async #readOne(sensor: Sensor, signal: AbortSignal, timeout: Promise<Error>): Promise<readonly Reading[]> {
    this.#hanging.add(sensor);
    const answer = readSafely(sensor, signal).then((outcome) => {
      this.#hanging.delete(sensor);
      return outcome;
    });
    return this.#judge(sensor, await Promise.race([answer, timeout]));
  }

  #judge(sensor: Sensor, outcome: readonly Reading[] | 'absent' | Error): readonly Reading[] {
    const { log } = this.#options;
    const before = this.#fates.get(sensor);
    if (outcome instanceof Error) {
      this.#fates.set(sensor, 'failed');
      const level = before === 'failed' ? 'debug' : 'warn';
      log(level, 'sensor-failed', { sensor: sensor.name, reason: outcome.message });
      return [];
    }
    if (outcome === 'absent') {
      this.#fates.set(sensor, 'absent');
      if (before !== 'absent') log('info', 'sensor-absent', { sensor: sensor.name, hint: sensor.hint });
      return [];
    }
    this.#fates.set(sensor, 'fine');
    this.#tellOmissions(sensor);
    if (before === 'failed') log('info', 'sensor-recovered', { sensor: sensor.name });
    return outcome;
  }

  /** The same omission comes every round: only a new one, or a new reason, is told. */
  #tellOmissions(sensor: Sensor): void {
    const told = this.#omitted.get(sensor);
    const omissions = sensor.omissions?.() ?? [];
    if (omissions.length === 0 && told === undefined) return;
    for (const { id, reason, kind } of omissions) {
      if (told?.get(id) === reason) continue;
      if (kind === 'failed') this.#options.log('warn', 'sensor-failed', { sensor: sensor.name, id, reason });
      else this.#options.log('info', 'sensor-refused', { sensor: sensor.name, id, reason });
    }
    this.#omitted.set(sensor, new Map(omissions.map(({ id, reason }) => [id, reason])));
  }
}

async function readSafely(sensor: Sensor, signal: AbortSignal): Promise<readonly Reading[] | 'absent' | Error> {
  try {
    return await sensor.read(signal);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
