import { MemoryStore } from '../../src/store/memory.ts';
import type { Appended, Batch, Directory, Query, Store } from '../../src/store/contract.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { UnitRecord } from '../../src/core/unit.ts';
import type { Archive } from './archive.ts';
import { contentOf, labelOf, Ledger } from './ledger.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';

/** How a disk behaves for now. */
export interface DiskHealth {
  readonly delayMs: { readonly from: number; readonly to: number };
  /** How likely a commit fails. */
  readonly failure: number;
  /** How likely one succeeds and is then reported as failed. */
  readonly lostAnswer: number;
}

export const goodDisk: DiskHealth = { delayMs: { from: 1, to: 20 }, failure: 0, lostAnswer: 0 };

/** A disk: what is committed on it stays, whatever becomes of the programs that use it. */
export class Disk {
  health: DiskHealth = goodDisk;
  /** Happens in the midst of the next commit, once. */
  ambush: (() => void) | undefined;
  readonly ledger = new Ledger();
  readonly memory = new MemoryStore();
  readonly #working = new Set<() => void>();
  readonly #stage: Stage;
  readonly #archive: Archive;

  constructor(stage: Stage, archive: Archive) {
    this.#stage = stage;
    this.#archive = archive;
  }

  /** Lets `task` happen when the disk has done its work; what it is at goes on at the new pace when it heals. */
  work(task: () => void): void {
    const once = (): void => {
      if (this.#working.delete(once)) task();
    };
    this.#working.add(once);
    this.#later(once);
  }

  heal(): void {
    this.health = goodDisk;
    for (const task of this.#working) this.#later(task);
  }

  commit(batch: Batch): Promise<Appended> {
    return this.memory.append(batch).then((appended) => {
      const fault = this.ledger.commit(batch, appended.duplicates);
      if (fault !== undefined) this.#stage.fail(fault);
      this.#archive.add(batch);
      return appended;
    });
  }

  /** Whether all is on it that was committed, and nothing twice; answers what is not so. */
  async audit(): Promise<string | undefined> {
    let labelled = 0;
    for (const { clientId } of await this.memory.units()) {
      for await (const { reading } of this.memory.query({ clientId, fromMs: 0, toMs: Number.POSITIVE_INFINITY })) {
        if (reading.epoch === undefined || reading.seq === undefined) continue;
        labelled += 1;
        const label = labelOf(clientId, reading.epoch, reading.seq);
        if (this.ledger.content(label) !== contentOf(reading))
          return `${label} is on the disk as ${contentOf(reading)}`;
      }
    }
    return labelled === this.ledger.size ? undefined : `${labelled} readings are on the disk, not ${this.ledger.size}`;
  }

  #later(task: () => void): void {
    const { from, to } = this.health.delayMs;
    this.#stage.timeline.after(this.#stage.random.between(from, to), task);
  }
}

/** The store of one run of the server, on a disk that may be slow, full, or gone before it has answered. */
export class DiskStore implements Store, Directory {
  readonly #stage: Stage;
  readonly #disk: Disk;
  readonly #process: Process;
  #busy = false;

  constructor(stage: Stage, disk: Disk, process: Process) {
    this.#stage = stage;
    this.#disk = disk;
    this.#process = process;
  }

  /** A commit is in hand. */
  get busy(): boolean {
    return this.#busy;
  }

  append(batch: Batch): Promise<Appended> {
    const { random, timeline } = this.#stage;
    const { failure, lostAnswer } = this.#disk.health;
    this.#stage.check(!this.#busy, () => 'two commits at a time');
    this.#busy = true;
    const fails = random.chance(failure);
    const loses = random.chance(lostAnswer);
    return new Promise((resolve, reject) => {
      const answer = (task: () => void): void => {
        this.#process.run(() => {
          this.#busy = false;
          task();
        });
      };
      this.#disk.work(() => {
        const { ambush } = this.#disk;
        this.#disk.ambush = undefined;
        ambush?.();
        // A program that dies during the commit leaves the whole of it, or nothing.
        const survives = this.#process.alive || random.chance(0.5);
        this.#stage.record(`commit of ${batch.readings.length} ${fails ? 'fails' : survives ? 'done' : 'gone'}`);
        if (fails) answer(() => reject(new Error('the disk is full')));
        if (fails || !survives) return;
        void this.#disk.commit(batch).then((appended) => {
          timeline.after(random.between(0, 5), () => {
            if (loses) answer(() => reject(new Error('the disk does not answer')));
            else answer(() => resolve(appended));
          });
        });
      });
    });
  }

  query(query: Query): AsyncIterable<UnitReading> {
    return this.#disk.memory.query(query);
  }

  units(): Promise<readonly UnitRecord[]> {
    return this.#later(() => this.#disk.memory.units());
  }

  highestSeq(clientId: string, epoch: string): Promise<number> {
    if (this.#stage.random.chance(this.#disk.health.failure / 4))
      return Promise.reject(new Error('the disk is broken'));
    return this.#later(() => this.#disk.memory.highestSeq(clientId, epoch));
  }

  #later<Result>(read: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#stage.timeline.after(this.#stage.random.between(0, 5), () => {
        read().then((result) => {
          this.#process.run(() => {
            resolve(result);
          });
        }, reject);
      });
    });
  }
}
