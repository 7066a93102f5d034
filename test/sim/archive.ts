import type { Batch } from '../../src/store/contract.ts';
import { contentOf, labelOf } from './ledger.ts';

/** Every labelled reading that any disk has ever held, whatever became of the disk. */
export class Archive {
  readonly #contents = new Map<string, string>();
  readonly #byEpoch = new Map<string, Set<number>>();

  /** Intervals that are wanted of units, as they were ever stored. */
  readonly #wanted = new Set<string>();
  readonly #givenUp = new Set<string>();
  readonly #answeredByV1 = new Set<string>();
  /** Labels that clients have given. */
  readonly #given = new Set<string>();
  readonly #grantedOn = new Map<string, number>();
  #disks = 0;

  /** How many disks there were before this one: what a server knows it knows from its disk. */
  get disks(): number {
    return this.#disks;
  }

  /** The server tells a client who it is. */
  grant(clientId: string): void {
    this.#grantedOn.set(clientId, this.#disks);
  }

  /** How many disks there had been before the one on which this unit was told last who it is. */
  disksBefore(clientId: string): number {
    return this.#grantedOn.get(clientId) ?? this.#disks;
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
      this.#contents.set(labelOf('', epoch, seq), contentOf(reading));
      this.#note(epoch, seq);
    }
  }

  /** The server has refused a reading, and logged it: that settles it as well. */
  refuse(epoch: string, seq: number): void {
    this.#note(epoch, seq);
  }

  /**
   * What was stored under this label, for this unit or, where it was not, for another one: a machine that has forgotten who it was is another
   * unit, and a copy of it with another part of the same spool may be the same one.
   */
  content(clientId: string, epoch: string, seq: number): string | undefined {
    return this.#contents.get(labelOf(clientId, epoch, seq)) ?? this.#contents.get(labelOf('', epoch, seq));
  }

  /** Whether a reading, by its epoch and number, was stored, under whatever unit, or refused. */
  isSettled(label: string): boolean {
    const [epoch = '', seq] = label.split(' ');
    return this.#byEpoch.get(epoch)?.has(Number(seq)) === true;
  }

  /** A reading was dropped by its client, or set aside, or its record is damaged; a lost deletion may bring it back all the same. */
  giveUp(label: string): void {
    const [epoch = '', seq] = label.split(' ');
    this.#note(epoch, Number(seq));
    this.#givenUp.add(label);
  }

  /** A server of version 1 has it. Where the note of that is damaged it is sent again, and ours may have later ones of its epoch. */
  answeredByV1(label: string): void {
    this.#answeredByV1.add(label);
  }

  /** Whether it may be acknowledged without being stored. */
  isGivenUp(epoch: string, seq: number): boolean {
    const label = `${epoch} ${seq}`;
    return this.#givenUp.has(label) || this.#answeredByV1.has(label);
  }

  /** A client gives a reading this epoch and number; whether nobody ever did before. */
  give(label: string): boolean {
    const before = this.#given.size;
    return this.#given.add(label).size > before;
  }

  #note(epoch: string, seq: number): void {
    const numbers = this.#byEpoch.get(epoch) ?? new Set();
    this.#byEpoch.set(epoch, numbers.add(seq));
  }
}
