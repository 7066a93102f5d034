import type { UnitRecord } from '../../src/core/unit.ts';
import type { Appended, Batch } from '../../src/store/contract.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Archive } from './archive.ts';
import { Database, SqliteError, type Mishap } from './database.ts';
import { Ledger } from './ledger.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';
import { Querier } from './querier.ts';
import { ReaderThread } from './reader-thread.ts';
import { auditStore } from './store-audit.ts';
import { WriterThread } from './writer-thread.ts';
import { writes, type WriteKind } from './writes.ts';

/** How a disk behaves for now. */
export interface DiskHealth {
  readonly delayMs: { readonly from: number; readonly to: number };
  /** How likely a commit fails. */
  readonly failure: number;
  /** How likely one succeeds and is then reported as failed. */
  readonly lostAnswer: number;
}

export const goodDisk: DiskHealth = { delayMs: { from: 1, to: 20 }, failure: 0, lostAnswer: 0 };

/** Result codes of SQLite: an input or output error, a full disk, one that cannot be written to; and a sync that fails. */
const faults = [10, 13, 8] as const;
const failedSync = 1_034;
/** Readings of a segment: few, so that some are moved into chunks in a world of some minutes. */
const segmentReadings = 64;

/** A disk: what is committed on it stays, whatever becomes of the programs that use it. */
export class Disk {
  /** What errors name. */
  readonly folder = 'the simulated disk';
  health: DiskHealth = goodDisk;
  /** What strikes in the midst of what. */
  readonly #ambushes = new Map<string, () => void>();
  /** The commit that is on its way binds a name to a key. */
  binds = false;
  readonly ledger = new Ledger();
  readonly database = new Database();
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

  /** Draws what goes wrong with a request that takes `statements` statements at most. */
  mishap(type: string, statements: number): Mishap | undefined {
    const { random } = this.#stage;
    const { health } = this;
    const what = type === 'append' && this.binds && this.#ambushes.has('binding') ? 'binding' : type;
    const ambush = this.#ambushes.get(what);
    const isCommit = writes.has(type);
    if (ambush !== undefined) {
      this.#ambushes.delete(what);
      const strike = (): never => {
        this.#stage.record(`the server is caught in ${type}`);
        return killed(ambush);
      };
      return { at: random.chance(0.3) ? 'committed' : random.integer(0, statements), strike };
    }
    if (random.chance(isCommit ? health.failure : health.failure / 4)) {
      const code = random.pick(faults);
      return { at: isCommit ? random.integer(0, statements) : 0, strike: () => failed(code, 'the disk is ill') };
    }
    if (isCommit && random.chance(health.lostAnswer)) {
      return { at: 'committed', strike: () => failed(failedSync, 'the disk does not answer') };
    }
    return undefined;
  }

  /** Lets `strike` happen in the midst of the next write of this kind, once. */
  lieInWait(kind: WriteKind, strike: () => void): void {
    this.#ambushes.set(kind, strike);
  }

  withdraw(): void {
    this.#ambushes.clear();
  }

  /** Writes down a commit; answers which of its readings were stored before. */
  commit(batch: Batch): readonly number[] {
    this.#archive.add(batch);
    return this.ledger.commit(batch);
  }

  /** Whether all is on it that was committed, and nothing twice; answers what is not so, and the units. */
  audit(): { readonly fault: string | undefined; readonly units: readonly UnitRecord[] } {
    return auditStore(this.database, this.ledger);
  }

  #later(task: () => void): void {
    const { from, to } = this.health.delayMs;
    this.#stage.timeline.after(this.#stage.random.between(from, to), task);
  }
}

function binds({ machines = [] }: Pick<Batch, 'machines'>): boolean {
  return machines.some(({ machine }) => machine?.state === 'approved');
}

/** A batch on its way to the disk. */
interface Commit {
  readonly batch: Batch;
  /** Once it is there: the indexes of its readings that were stored before. */
  repeated: readonly number[] | undefined;
}

/** The store of one run of the server. */
export interface DiskStore {
  readonly store: SqliteStore;
  /** A commit is in hand. */
  readonly busy: boolean;
  /** Takes up what is on the disk; rejects where it cannot be. */
  open(): Promise<void>;
}

/** The program's own store over a simulated disk. What goes through is written down beside it, and compared with what it says. */
export function diskStore(stage: Stage, disk: Disk, process: Process): DiskStore {
  const { folder } = disk;
  let inHand: Commit | undefined;
  const writer = new WriterThread({
    stage,
    disk,
    process,
    committed: () => {
      if (inHand === undefined) return;
      inHand.repeated = disk.commit(inHand.batch);
      stage.record(`commit of ${inHand.batch.readings.length} done`);
    },
  });
  process.onEnd(() => {
    if (inHand === undefined) return;
    const { batch, repeated } = inHand;
    const fate = repeated === undefined ? 'gone' : 'unheard';
    stage.record(`commit of ${batch.readings.length} ${fate}`);
    if (binds(batch)) stage.record(`a binding is ${fate}`);
  });
  const store = new SqliteStore({
    folder,
    writer,
    reader: new ReaderThread(stage, disk, process),
    clock: process.clock,
    segmentReadings,
    nextTurn: () => Promise.resolve(),
    log: (level, event, fields) => {
      stage.record(`store ${level} ${event} ${JSON.stringify(fields)}`);
    },
    dropped: () => {
      stage.fail('the store drops readings, with neither an age nor a budget');
    },
  });
  const append = store.append.bind(store);
  store.append = async (batch: Batch): Promise<Appended> => {
    stage.check(inHand === undefined, () => 'two commits at a time');
    const commit: Commit = { batch, repeated: undefined };
    inHand = commit;
    disk.binds = binds(batch);
    const { length } = batch.readings;
    try {
      const appended = await append(batch);
      const repeated = commit.repeated?.join();
      const said = appended.duplicates.join();
      stage.check(repeated !== undefined, () => 'the store says that it has stored what it has not committed');
      stage.check(repeated === said, () => `of a batch ${repeated} were stored before, and the store says ${said}`);
      return appended;
    } catch (error) {
      stage.record(`commit of ${length} fails`);
      throw error;
    } finally {
      inHand = undefined;
    }
  };
  return {
    store,
    get busy() {
      return inHand !== undefined;
    },
    async open() {
      await writer.request({ type: 'open' });
      new Querier({ stage, process, ledger: disk.ledger }, store).start();
    },
  };
}

function killed(ambush: () => void): never {
  ambush();
  throw new Error('the program is gone');
}

function failed(code: number, words: string): never {
  throw new SqliteError(code, words);
}
