import type { Feed } from '../server/contract.ts';

/** How often each event was logged at level warn or error since the server started: their names are those of docs/errors.md, so there are some dozens. */
export class TroubleCounts {
  readonly #counts = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(feed: Feed) {
    this.#unsubscribe = feed.subscribe({
      event: ({ level, event }) => {
        if (level === 'warn' || level === 'error') this.#counts.set(event, (this.#counts.get(event) ?? 0) + 1);
      },
      readings: () => undefined,
    });
  }

  /** By name. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  close(): void {
    this.#unsubscribe();
  }
}
