import type { DatabaseSync } from 'node:sqlite';
import { accessFailed, accessFile, makeAccessFile, openAccessFile } from './access-file.ts';
import { addAuditLine } from './audit-log.ts';
import type { AuditEntry } from './contract.ts';

/** The file as one program has it open: from when there is one. Nothing of what it says is kept, since another program may change it. */
export class AccessDatabase {
  readonly #folder: string;
  readonly #wallMs: () => number;
  #database: DatabaseSync | undefined;

  constructor(folder: string, wallMs: () => number) {
    this.#folder = folder;
    this.#wallMs = wallMs;
  }

  /** What `read` finds, or `otherwise` where there is no file yet. */
  read<Found>(read: (database: DatabaseSync) => Found, otherwise: Found): Found {
    return this.#tell(() => {
      this.#database ??= openAccessFile(this.#folder);
      return this.#database === undefined ? otherwise : read(this.#database);
    });
  }

  /** The line of the audit log and what `work` does, which is told the number of that line, both or neither; synced. Makes the file where there is none. */
  change(entry: AuditEntry, work: (database: DatabaseSync, line: number) => void = () => {}): number {
    return this.#tell(() => {
      this.#database ??= makeAccessFile(this.#folder);
      const database = this.#database;
      database.exec('BEGIN IMMEDIATE');
      try {
        const line = addAuditLine(database, entry, this.#wallMs());
        work(database, line);
        database.exec('COMMIT');
        return line;
      } catch (error) {
        // A full disk has ended the transaction already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #tell<Found>(act: () => Found): Found {
    try {
      return act();
    } catch (error) {
      throw accessFailed(accessFile(this.#folder), error);
    }
  }
}
