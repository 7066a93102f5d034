import type { Dropped } from '../../src/client/spool/contract.ts';
import type { LabelledReading } from '../../src/core/reading.ts';
import type { Archive } from './archive.ts';
import { contentOf } from './ledger.ts';
import type { Ending } from './process.ts';
import type { SpoolDisk, SpoolDiskWatch } from './spool-disk.ts';
import type { Stage } from './stage.ts';

export interface ReckoningOptions {
  readonly stage: Stage;
  readonly name: string;
  readonly archive: Archive;
  /** Undefined: its readings are in memory alone. */
  readonly disk: SpoolDisk | undefined;
  /** A round that was sent survives a loss of power. */
  readonly synced: boolean;
}

export function nameOf({ epoch, seq }: Pick<LabelledReading, 'epoch' | 'seq'>): string {
  return `${epoch} ${seq}`;
}

/** What became of every reading that one machine has ever taken, over all runs of its client. */
export class Reckoning implements SpoolDiskWatch {
  readonly #options: ReckoningOptions;
  readonly #contents: Map<string, string>;
  /** Readings that nobody has answered for, and whose loss has no cause. */
  readonly #open = new Set<string>();
  readonly #answeredByV1: Set<string>;
  /** Of this run: of the round that is being added, and of those that are in no file yet. */
  #adding: readonly string[] = [];
  #unwritten = new Set<string>();
  /** Readings that the client has let go of. */
  readonly #released = new Set<string>();
  /** Readings that survive a loss of power, where the spool is synced. */
  readonly #durable = new Set<string>();
  /** Of this run: readings that went with segments, and that the client has not said of. */
  #removed: readonly string[] = [];
  /** Of these, those that are in no other segment. */
  #deleted: readonly string[] = [];
  /** The client has said that its disk takes nothing. */
  #failing = false;

  constructor(options: ReckoningOptions, former?: Reckoning) {
    this.#options = options;
    this.#contents = new Map(former === undefined ? [] : former.#contents);
    this.#answeredByV1 = new Set(former === undefined ? [] : former.#answeredByV1);
  }

  /** Readings that are in memory alone. */
  get unwritten(): number {
    return this.#unwritten.size;
  }

  get isFailing(): boolean {
    return this.#failing;
  }

  content(label: string): string | undefined {
    return this.#contents.get(label);
  }

  /** The program begins, with what is on its disk. */
  begin(held: ReadonlySet<string>): void {
    const { stage, disk, name } = this.#options;
    const labels = disk?.files.labels() ?? new Set();
    for (const label of labels) {
      const kept = held.has(label) || this.isAnswered(label);
      stage.check(kept, () => `${name} ${label} is on the disk, and its spool does not know it`);
    }
    for (const label of held) stage.check(labels.has(label), () => `${name} ${label} is in its spool and on no disk`);
  }

  /** A round begins its way into the spool. */
  adding(readings: readonly LabelledReading[]): void {
    const { stage, archive, name } = this.#options;
    this.#adding = readings.map(nameOf);
    for (const reading of readings) {
      const label = nameOf(reading);
      stage.check(archive.give(label), () => `${name} gives ${label} to another reading`);
      this.#contents.set(label, contentOf(reading));
      this.#open.add(label);
      this.#unwritten.add(label);
    }
  }

  /** The round may be sent, and the spool says what had to go. */
  added(lost: readonly Dropped[]): void {
    this.#adding = [];
    const count = lost.reduce((sum, dropped) => sum + (dropped.reason === 'spool full' ? dropped.count : 0), 0);
    const removed = this.#removed.filter((label) => !this.isAnswered(label));
    const deleted = this.#deleted.filter((label) => !this.isAnswered(label)).length;
    this.#removed = [];
    this.#deleted = [];
    this.#options.stage.check(
      deleted <= count,
      () => `${this.#options.name} deletes ${deleted} readings that nobody answered for, and says ${count}`,
    );
    // What did not go with a segment went from memory, the oldest first. What is on the disk may be what a failed write has left, or written by now.
    const { disk } = this.#options;
    const fromMemory = Math.max(0, count - removed.length);
    const [...unwritten] = this.#failing || disk === undefined ? this.#unwritten : [];
    const onDisk = unwritten.length > 0 ? disk?.files.labels() : undefined;
    const elsewhere = unwritten.filter((label) => onDisk?.has(label) !== true);
    const dropped = [...removed, ...unwritten.slice(0, fromMemory), ...elsewhere.slice(0, fromMemory)];
    for (const label of dropped) this.#unwritten.delete(label);
    this.excuse(dropped);
    if (!this.#failing) this.#written();
  }

  /** The client lets go of it. */
  released(label: string): void {
    this.#released.add(label);
    this.#unwritten.delete(label);
  }

  removing(labels: readonly string[], elsewhere: ReadonlySet<string>): void {
    const held = labels.filter((label) => !this.#released.has(label) && !this.#unwritten.has(label));
    this.#removed = [...this.#removed, ...held];
    this.#deleted = [...this.#deleted, ...held.filter((label) => !elsewhere.has(label))];
  }

  settingAside(labels: readonly string[], couldBeRead: boolean): void {
    const { stage, name } = this.#options;
    stage.check(!couldBeRead, () => `${name} sets aside a segment that can be read`);
    this.excuse(labels.filter((label) => !this.#unwritten.has(label)));
  }

  /** The client has said that it cannot read these. */
  givesUp(labels: readonly string[]): void {
    this.excuse(labels.filter((label) => !this.#released.has(label) && !this.#unwritten.has(label)));
  }

  /** The client says how its disk does. */
  failing(failing: boolean): void {
    this.#failing = failing;
    if (!failing) this.#written();
  }

  /** Whether the client may let go of it. */
  isAnswered(label: string): boolean {
    return this.#answeredByV1.has(label) || this.#options.archive.isSettled(label);
  }

  answeredByV1(label: string): void {
    this.#answeredByV1.add(label);
    this.#options.archive.answeredByV1(label);
  }

  /**
   * These are gone, and that is as it must be. Where they come back - a lost deletion, a copy of the spool - the server may have later ones of
   * their epoch and take them for known.
   */
  excuse(labels: readonly string[]): void {
    for (const label of labels) {
      if (!this.isAnswered(label)) this.#options.archive.giveUp(label);
      this.#open.delete(label);
    }
  }

  /** The program is gone: what was promised to be on the disk is there. */
  end(way: Ending): void {
    const { disk, stage, name, synced } = this.#options;
    const adding = new Set(this.#adding);
    const failing = this.#failing;
    const copies = disk?.files.copies() ?? new Map<string, ReadonlySet<string>>();
    disk?.end(way);
    const after = disk?.files.labels();
    const torn = [...copies].flatMap(([file, labels]) => {
      const left = new Set(disk?.files.labelsIn(file));
      return [...labels].filter((label) => !left.has(label));
    });
    const isPromised = (label: string): boolean =>
      disk !== undefined && (way === 'exit' ? !failing && !adding.has(label) : synced && this.#durable.has(label));
    // The client had no time to say so.
    this.excuse(this.#deleted);
    const gone = [...this.#missing()].filter((label) => after?.has(label) !== true);
    const broken = gone.filter(isPromised);
    const [first] = broken;
    const words = `${name} ${first} was in the spool, and is gone with the ${way}, of ${broken.length}`;
    stage.check(broken.length === 0, () => words);
    // A copy that a failed write has left may not count any more, by notes behind the one that is gone.
    this.excuse(torn.filter((label) => !isPromised(label)));
    this.excuse(gone);
    this.#adding = [];
    this.#unwritten = new Set();
    this.#removed = [];
    this.#deleted = [];
    this.#failing = false;
  }

  /** Readings that neither were answered for nor are anywhere, where `held` are in the spool. */
  lost(held: number): number {
    return this.#missing().size - held;
  }

  #written(): void {
    if (this.#options.disk === undefined) return;
    for (const label of this.#unwritten) this.#durable.add(label);
    this.#unwritten.clear();
  }

  #missing(): ReadonlySet<string> {
    for (const label of this.#open) if (this.isAnswered(label)) this.#open.delete(label);
    return this.#open;
  }
}
