import type { Clock } from '../core/clock.ts';

const minuteMs = 60_000;
/** Of a unit in a minute. A link that breaks each second makes more, and says no more by it. */
const eventsAMinuteMax = 60;

/** How much of what happens to a unit is kept. It counts by minutes, and forgets at the end of each: nothing is held of units to which nothing happens. */
export class EventRate {
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  readonly #texts = new Set<string>();
  #endMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  allows(clientId: string, event: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= this.#endMs) {
      this.#counts.clear();
      this.#texts.clear();
      this.#endMs = nowMs + minuteMs;
    }
    if (event === 'text') return this.#allowsText(clientId);
    const count = this.#counts.get(clientId) ?? 0;
    if (count >= eventsAMinuteMax) return false;
    this.#counts.set(clientId, count + 1);
    return true;
  }

  /** One a minute: lines of a v1 unit that are no readings may come with each of its rounds, and all of them are in the log. */
  #allowsText(clientId: string): boolean {
    if (this.#texts.has(clientId)) return false;
    this.#texts.add(clientId);
    return true;
  }
}
