import type { TakenReading } from '../../src/core/reading.ts';
import type { Batch } from '../../src/store/contract.ts';

/** Names one reading for good: its unit, its epoch, its number. */
export function labelOf(clientId: string, epoch: string, seq: number): string {
  return `${clientId} ${epoch} ${seq}`;
}

/** All that tells one reading from another but its label. */
export function contentOf({ sensor, id, source, time, values }: TakenReading): string {
  return JSON.stringify([sensor, id, source, time, values]);
}

/** What one disk holds, counted apart from the store under test. */
export class Ledger {
  /** What each labelled reading says. */
  readonly #labelled = new Map<string, string>();
  /** Contents of unlabelled readings by unit: those of v1 units. */
  readonly #unlabelled = new Map<string, Set<string>>();
  readonly #highest = new Map<string, number>();

  /** Writes down a commit; answers what is wrong with it. */
  commit({ readings }: Batch, duplicates: readonly number[]): string | undefined {
    const left = new Set(duplicates);
    for (const [index, { clientId, reading }] of readings.entries()) {
      const { epoch, seq } = reading;
      if (epoch === undefined || seq === undefined) {
        const contents = this.#unlabelled.get(clientId) ?? new Set();
        this.#unlabelled.set(clientId, contents.add(contentOf({ ...reading, time: 0 })));
        continue;
      }
      const lane = `${clientId} ${epoch}`;
      const repeated = seq <= (this.#highest.get(lane) ?? 0);
      if (repeated !== left.has(index)) {
        return `the store ${repeated ? 'stored again' : 'left out'} ${labelOf(clientId, epoch, seq)}`;
      }
      if (repeated) continue;
      this.#highest.set(lane, seq);
      this.#labelled.set(labelOf(clientId, epoch, seq), contentOf(reading));
    }
    return undefined;
  }

  /** What is stored under this label; undefined for nothing. */
  content(label: string): string | undefined {
    return this.#labelled.get(label);
  }

  holdsUnlabelled(clientId: string, reading: Omit<TakenReading, 'time' | 'epoch' | 'seq'>): boolean {
    const content = contentOf({ ...reading, time: 0, epoch: undefined, seq: undefined });
    return this.#unlabelled.get(clientId)?.has(content) === true;
  }

  /** How many labelled readings there are. */
  get size(): number {
    return this.#labelled.size;
  }
}
