import type { TakenReading } from '../../src/core/reading.ts';
import type { Batch } from '../../src/store/contract.ts';
import { UnitNotes } from './unit-notes.ts';

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
  /** The same by epoch and number, whoever's it is. */
  readonly #anybodys = new Map<string, string>();
  /** Contents of unlabelled readings by unit: those of v1 units. */
  readonly #unlabelled = new Map<string, Set<string>>();
  /** By unit and epoch. */
  readonly #highest = new Map<string, Map<string, number>>();

  /** By unit, then value. */
  readonly #counts = new Map<string, Map<string, number>>();

  readonly notes = new UnitNotes();

  /** Writes down a commit; answers the indexes of the readings that were stored before. */
  commit(batch: Batch): readonly number[] {
    const { readings } = batch;
    this.notes.commit(batch);
    const repeated: number[] = [];
    for (const [index, { clientId, reading }] of readings.entries()) {
      const { epoch, seq } = reading;
      if (epoch === undefined || seq === undefined) {
        const contents = this.#unlabelled.get(clientId) ?? new Set();
        this.#unlabelled.set(clientId, contents.add(contentOf({ ...reading, time: 0 })));
        this.#count(clientId, reading);
        continue;
      }
      const lanes = this.#highest.get(clientId) ?? new Map<string, number>();
      this.#highest.set(clientId, lanes);
      if (seq <= (lanes.get(epoch) ?? 0)) {
        repeated.push(index);
        continue;
      }
      lanes.set(epoch, seq);
      this.#count(clientId, reading);
      this.#labelled.set(labelOf(clientId, epoch, seq), contentOf(reading));
      this.#anybodys.set(labelOf('', epoch, seq), contentOf(reading));
    }
    return repeated;
  }

  /** The highest number of each unit and epoch. */
  *highest(): Generator<{ readonly clientId: string; readonly epoch: string; readonly seq: number }, void> {
    for (const [clientId, lanes] of this.#highest) for (const [epoch, seq] of lanes) yield { clientId, epoch, seq };
  }

  /** The highest number of one unit and epoch; 0 for none. */
  highestOf(clientId: string, epoch: string): number {
    return this.#highest.get(clientId)?.get(epoch) ?? 0;
  }

  /** What is stored under this label; undefined for nothing. */
  content(label: string): string | undefined {
    return this.#labelled.get(label);
  }

  /**
   * What is stored under this epoch and number, for whichever unit: a machine that has forgotten who it was is another unit, and two copies of one
   * spool that go by one name may have sent each its part of an epoch.
   */
  contentOfAnybody(epoch: string, seq: number): string | undefined {
    return this.#anybodys.get(labelOf('', epoch, seq));
  }

  holdsUnlabelled(clientId: string, reading: Omit<TakenReading, 'time' | 'epoch' | 'seq'>): boolean {
    const content = contentOf({ ...reading, time: 0, epoch: undefined, seq: undefined });
    return this.#unlabelled.get(clientId)?.has(content) === true;
  }

  /** Units that have labelled readings. */
  units(): Iterable<string> {
    return this.#highest.keys();
  }

  /** Labels of a unit's readings, with what they say. */
  *labelled(clientId: string): Generator<readonly [label: string, content: string], void> {
    for (const entry of this.#labelled) if (entry[0].startsWith(`${clientId} `)) yield entry;
  }

  /** How many there are of each value of a unit, labelled or not, by sensor, id and name. */
  countOf(clientId: string): ReadonlyMap<string, number> {
    return new Map(this.#counts.get(clientId));
  }

  /** How many labelled readings there are. */
  get size(): number {
    return this.#labelled.size;
  }

  #count(clientId: string, { sensor, id, values }: TakenReading): void {
    const counts = this.#counts.get(clientId) ?? new Map<string, number>();
    this.#counts.set(clientId, counts);
    for (const name of Object.keys(values)) {
      const value = `${sensor} ${id} ${name}`;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
}
