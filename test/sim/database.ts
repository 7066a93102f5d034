import { threadId } from 'node:worker_threads';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { prepareForWriting } from '../../src/store/sqlite/database.ts';

/** What SQLite throws. */
export class SqliteError extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode: number;

  constructor(errcode: number, words: string) {
    super(words);
    this.errcode = errcode;
  }
}

/** What befalls the statements from now on: the one at `at`, or the commit before it is reached, or what is said of the commit once it is done. */
export interface Mishap {
  readonly at: number | 'committed';
  /** Throws what the statement throws. */
  readonly strike: () => never;
}

/** In pages that are synced with every commit, or, as `PRAGMA synchronous` says it: 0 off, 1 normal, 2 full, 3 extra. */
const full = 2;

let made = 0;

/**
 * SQLite's database of one simulated disk: in memory, shared by the connections of one world. A connection that is gone rolls back what it had not
 * committed. What a connection commits without asking for a sync goes with the power.
 */
export class Database {
  mishap: Mishap | undefined;
  /** Called when a transaction is through, whatever its program is told of it. */
  committed: (() => void) | undefined;
  #name: string;
  /** Without any connection there would be no database. */
  #anchor: DatabaseSync;
  #connection: DatabaseSync | undefined;
  #statements = 0;
  /** The database as of the last sync; undefined where nothing was committed since. */
  #synced: Uint8Array | undefined;

  constructor() {
    this.#name = newName();
    this.#anchor = new DatabaseSync(this.#name);
  }

  /** As the store opens its own, and every statement may go wrong. */
  open(folder: string): DatabaseSync {
    const database = this.#observed(new DatabaseSync(this.#name));
    this.#connection = database;
    return prepareForWriting(database, folder);
  }

  openForReading(): DatabaseSync {
    return new DatabaseSync(this.#name, { readOnly: true });
  }

  /** Its program is gone. */
  crash(): void {
    this.mishap = undefined;
    this.committed = undefined;
    if (this.#connection?.isOpen === true) this.#connection.close();
    this.#connection = undefined;
  }

  /** The power is gone, and its program with it. */
  losePower(): void {
    this.crash();
    const synced = this.#synced;
    if (synced === undefined) return;
    this.#synced = undefined;
    this.#anchor.close();
    this.#name = newName();
    this.#anchor = new DatabaseSync(this.#name);
    // Nothing was ever synced: an empty one.
    if (synced.length === 0) return;
    const copy = new DatabaseSync(':memory:');
    copy.deserialize(synced);
    copy.exec(`VACUUM INTO '${this.#name}'`);
    copy.close();
  }

  close(): void {
    this.crash();
    this.#anchor.close();
  }

  #observed(database: DatabaseSync): DatabaseSync {
    const prepare = database.prepare.bind(database);
    const exec = database.exec.bind(database);
    const observe = <Result>(sql: string, statement: () => Result): Result => this.#run(sql, statement, database);
    return Object.assign(database, {
      exec: (sql: string) => {
        observe(sql, () => {
          exec(sql);
        });
      },
      prepare: (sql: string): StatementSync => {
        const statement = prepare(sql);
        if (sql === readSynchronous) return statement;
        const run = statement.run.bind(statement);
        const get = statement.get.bind(statement);
        const all = statement.all.bind(statement);
        return Object.assign(statement, {
          run: (...values: Parameters<typeof run>) => observe(sql, () => run(...values)),
          get: (...values: Parameters<typeof get>) => observe(sql, () => get(...values)),
          all: (...values: Parameters<typeof all>) => observe(sql, () => all(...values)),
        });
      },
    });
  }

  #run<Result>(sql: string, statement: () => Result, database: DatabaseSync): Result {
    const commits = sql.includes('COMMIT');
    if (this.mishap?.at === this.#statements || (commits && typeof this.mishap?.at === 'number')) this.#strike();
    this.#statements += 1;
    if (sql.includes('BEGIN') && synchronousOf(database) < full) this.#synced ??= database.serialize();
    const result = statement();
    if (commits && synchronousOf(database) >= full) this.#synced = undefined;
    // A checkpoint is synced unless nothing is.
    if (sql.includes('wal_checkpoint') && synchronousOf(database) > 0) this.#synced = undefined;
    if (commits) this.committed?.();
    if (commits && this.mishap !== undefined) this.#strike();
    return result;
  }

  /** Counts statements from here on. */
  count(): void {
    this.#statements = 0;
  }

  #strike(): void {
    const { mishap } = this;
    this.mishap = undefined;
    mishap?.strike();
  }
}

const readSynchronous = 'PRAGMA synchronous';

function synchronousOf(database: DatabaseSync): number {
  return Number(database.prepare(readSynchronous).get()?.['synchronous']);
}

/** Of a database in memory that connections of this process share by its name. */
function newName(): string {
  made += 1;
  return `file:/simulated-${process.pid}-${threadId}-${made}?vfs=memdb`;
}
