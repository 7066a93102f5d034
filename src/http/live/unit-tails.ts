import type { TakenReading, UnitReading } from '../../core/reading.ts';
import { viewOfReading } from '../../core/unit.ts';

interface Tail {
  /** From this tick on nothing is missing but what did not fit. */
  readonly sinceTick: number;
  readonly readings: { readonly tick: number; readonly reading: TakenReading }[];
  watchers: number;
  /** When its last watcher left. */
  leftMs: number;
}

/** The newest readings of the units that somebody watches, or has watched a moment ago. */
export class UnitTails {
  readonly #tails = new Map<string, Tail>();
  readonly #readingsMax: number;

  constructor(readingsMax: number) {
    this.#readingsMax = readingsMax;
  }

  watch(clientId: string, tick: number): void {
    const tail = this.#tails.get(clientId) ?? { sinceTick: tick, readings: [], watchers: 0, leftMs: 0 };
    tail.watchers += 1;
    this.#tails.set(clientId, tail);
  }

  leave(clientId: string, nowMs: number): void {
    const tail = this.#tails.get(clientId);
    if (tail === undefined) return;
    tail.watchers -= 1;
    tail.leftMs = nowMs;
  }

  /** Lets go of those that nobody has watched since then. */
  prune(leftBeforeMs: number): void {
    for (const [clientId, { watchers, leftMs }] of this.#tails) {
      if (watchers === 0 && leftMs < leftBeforeMs) this.#tails.delete(clientId);
    }
  }

  clear(): void {
    this.#tails.clear();
  }

  /** True where somebody may want it. */
  take({ clientId, reading }: UnitReading, tick: number): boolean {
    const readings = this.#tails.get(clientId)?.readings;
    if (readings === undefined) return false;
    readings.push({ tick, reading });
    if (readings.length > this.#readingsMax) readings.shift();
    return true;
  }

  get isEmpty(): boolean {
    return this.#tails.size === 0;
  }

  /** Whether all that is newer than this tick was taken. */
  reaches(clientId: string, tick: number): boolean {
    return (this.#tails.get(clientId)?.sinceTick ?? Infinity) <= tick;
  }

  /** The readings after one tick up to another, as JSON, in the order in which they were stored. */
  between(clientId: string, fromTick: number, toTick: number): readonly string[] {
    const readings = this.#tails.get(clientId)?.readings ?? [];
    return readings
      .filter(({ tick }) => tick > fromTick && tick <= toTick)
      .map(({ reading }) => JSON.stringify(viewOfReading(reading)));
  }
}
