import { chownSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { Salvaged } from '../../store/sqlite/salvage.ts';
import type { StoreSurroundings } from './data-folder.ts';
import { runStoreTask, type SalvageTask } from './store-task.ts';

export interface SalvageOptions {
  /** The server's data folder. */
  readonly data: string;
  /** The damaged store. */
  readonly folder: string;
  readonly surroundings: StoreSurroundings;
  readonly signal: AbortSignal;
}

export interface SalvageDone {
  readonly salvaged: Salvaged;
  /** Where the new store is, and where the damaged one. */
  readonly store: string;
  readonly damaged: string;
}

/**
 * Puts what can be read into a new store, and that into the place of the damaged one, which is kept beside it. Nothing has changed where it rejects: with
 * `store-in-use` while a server runs, `store-corrupt` where nothing can be read, and what keeps the new store from being written.
 */
export async function salvageInPlace(options: SalvageOptions): Promise<SalvageDone> {
  const { data, folder } = options;
  const into = join(data, 'store-salvaged');
  const damaged = freeName(join(data, 'store-damaged'));
  const salvaged = await salvage(options, { into, clears: true }, () => exchange({ folder, into, damaged }));
  return { salvaged, store: folder, damaged };
}

/** Makes the new store in a folder of its own, and leaves the damaged one where it is. */
export async function salvageInto(options: SalvageOptions & { readonly into: string }): Promise<SalvageDone> {
  const { folder, into } = options;
  if (existsSync(into)) throw new CodedError('store-exists', `${into} is there already; choose a new folder`);
  const salvaged = await salvage(options, { into, clears: false }, () => undefined);
  return { salvaged, store: into, damaged: folder };
}

/** Calls `finish` while no server can use the store. */
async function salvage(
  { folder, surroundings, signal }: SalvageOptions,
  { into, clears }: Pick<SalvageTask, 'into' | 'clears'>,
  finish: () => void,
): Promise<Salvaged> {
  // Windows renames no folder of which a file is open.
  const holds = surroundings.platform !== 'win32';
  const whole = { isMade: false };
  try {
    return await runStoreTask(
      { type: 'salvage', folder, into, clears, holds },
      (salvaged) => {
        if (surroundings.euid === 0) giveToOwnerOf(folder, into);
        whole.isMade = true;
        finish();
        return salvaged;
      },
      signal,
    );
  } catch (error) {
    const code = error instanceof CodedError ? error.code : undefined;
    // Where the store is in use, that may be by another salvage into the same folder.
    if (!whole.isMade && code !== 'store-in-use') rmSync(into, { recursive: true, force: true });
    throw error instanceof CodedError && !whole.isMade ? wordedFor(error, folder) : error;
  }
}

interface Places {
  readonly folder: string;
  readonly into: string;
  readonly damaged: string;
}

/** The new store to the place of the damaged one. Where that cannot be, both are kept, and the damaged one is put back if its place is still free. */
function exchange({ folder, into, damaged }: Places): void {
  let moved = false;
  try {
    renameSync(folder, damaged);
    moved = true;
    renameSync(into, folder);
  } catch (cause) {
    const words = `${folder}: the new store could not be put there (${reasonOf(cause)}) and is in ${into}`;
    const isBack = !moved || putBack(damaged, folder);
    if (isBack) throw new CodedError('store-io-failed', `${words}; the damaged one is where it was`, { cause });
    // A server that was started in this moment has made itself a store.
    throw new CodedError('store-in-use', `${words}; the damaged one is ${damaged}. Stop the server and move them`, {
      cause,
    });
  }
}

function putBack(damaged: string, folder: string): boolean {
  try {
    renameSync(damaged, folder);
    return true;
  } catch {
    // There is something else by now.
    return false;
  }
}

/** Root salvages what the server, as another user, is to go on with. */
function giveToOwnerOf(folder: string, into: string): void {
  const { uid, gid } = statSync(folder);
  for (const file of readdirSync(into)) chownSync(join(into, file), uid, gid);
  chownSync(into, uid, gid);
}

function wordedFor(error: CodedError, folder: string): CodedError {
  switch (error.code) {
    case 'store-in-use':
      return new CodedError(error.code, `${folder}: a telemetry-server runs on this store; stop it, then salvage`);
    case 'store-corrupt':
      return new CodedError(
        error.code,
        `${folder}: nothing of it can be read, and nothing was changed; move it away and put a backup in its place, as ${join(folder, 'telemetry.db')}`,
      );
    default:
      return error;
  }
}

/** The name, or with a number where it is taken. */
function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}
