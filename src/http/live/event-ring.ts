import type { HubEvent } from '../../server/contract.ts';
import { dataOfEvent } from '../event-lines.ts';

interface Entry {
  readonly tick: number;
  readonly event: HubEvent;
  text: string | undefined;
}

/** What happened last, so much of it: for readers that were away, or are slow. Entries are counted from the first on. */
export class EventRing {
  readonly #max: number;
  readonly #entries: Entry[] = [];
  /** Entries that are no longer there, and the tick of the newest of them. */
  #lost = 0;
  #lostTick = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many there were ever. */
  get end(): number {
    return this.#lost + this.#entries.length;
  }

  add(event: HubEvent, tick: number): void {
    this.#entries.push({ tick, event, text: undefined });
    if (this.#entries.length > this.#max) this.#shift();
  }

  /** Whether all that is newer than this tick is there. */
  reaches(tick: number): boolean {
    return this.#lostTick <= tick;
  }

  /** How many there had been after this tick. */
  endOf(tick: number): number {
    const place = this.#entries.findIndex((entry) => entry.tick > tick);
    return place < 0 ? this.end : this.#lost + place;
  }

  /** Those from one count to another that `keeps` wants, as JSON, and how many of them are lost. */
  between(from: number, to: number, keeps: (event: HubEvent) => boolean = () => true): Told {
    const entries = this.#entries.slice(Math.max(0, from - this.#lost), Math.max(0, to - this.#lost));
    const texts = entries.filter(({ event }) => keeps(event)).map(textOf);
    return { texts, dropped: Math.max(0, Math.min(this.#lost, to) - from) };
  }

  clear(): void {
    while (this.#entries.length > 0) this.#shift();
  }

  #shift(): void {
    const entry = this.#entries.shift();
    this.#lost += 1;
    this.#lostTick = entry?.tick ?? this.#lostTick;
  }
}

export interface Told {
  readonly texts: readonly string[];
  readonly dropped: number;
}

function textOf(entry: Entry): string {
  entry.text ??= JSON.stringify(dataOfEvent(entry.event));
  return entry.text;
}
