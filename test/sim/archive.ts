import type { Batch } from '../../src/store/contract.ts';
import { contentOf, labelOf } from './ledger.ts';

/** Every labelled reading that any disk has ever held, whatever became of the disk. */
export class Archive {
  readonly #contents = new Map<string, string>();
  readonly #byEpoch = new Map<string, Set<number>>();

  /** Intervals that are wanted of units, as they were ever stored. */
  readonly #wanted = new Set<string>();
  #disks = 0;

  /** How many disks there were before this one: what a server knows it knows from its disk. */
  get disks(): number {
    return this.#disks;
  }

  newDisk(): void {
    this.#disks += 1;
  }

  hasWanted(clientId: string, rev: number, seconds: number): boolean {
    return this.#wanted.has(`${clientId} ${rev} ${seconds}`);
  }

  add({ readings, units }: Batch): void {
    for (const { clientId, interval } of units)
      this.#wanted.add(`${clientId} ${interval.rev} ${interval.wantedSeconds}`);
    for (const { clientId, reading } of readings) {
      const { epoch, seq } = reading;
      if (epoch === undefined || seq === undefined) continue;
      const label = labelOf(clientId, epoch, seq);
      if (!this.#contents.has(label)) this.#contents.set(label, contentOf(reading));
      this.#note(epoch, seq);
    }
  }

  /** The server has refused a reading, and logged it: that settles it as well. */
  refuse(epoch: string, seq: number): void {
    this.#note(epoch, seq);
  }

  content(clientId: string, epoch: string, seq: number): string | undefined {
    return this.#contents.get(labelOf(clientId, epoch, seq));
  }

  /** How many readings of an epoch were stored, under whatever unit, or refused. */
  settled(epoch: string): number {
    return this.#byEpoch.get(epoch)?.size ?? 0;
  }

  #note(epoch: string, seq: number): void {
    const numbers = this.#byEpoch.get(epoch) ?? new Set();
    this.#byEpoch.set(epoch, numbers.add(seq));
  }
}
