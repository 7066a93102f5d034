import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import type { SpoolFolder } from './folder.ts';
import { readHeader, seedOf } from './header.ts';
import { Inventory, type Found } from './inventory.ts';
import { newSegment, parseSegmentName, type Shelf } from './shelf.ts';
import { unusable, unusableError } from './unusable.ts';

/** No segment is longer: what the readings of a disk that was full make of one that is nearly full. */
export const segmentFileBytesMax = 16 * 2 ** 20;
/** Files that could not be read and are kept for a person to look at; the oldest of more go. */
const setAsideMax = 8;

/** What is wrong with a file of the spool. */
export interface Damage {
  readonly file: string;
  readonly bytes: number;
  /** Readings that are known to be lost, and the times around them. How many a torn off end held, nobody knows. */
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
}

export interface Recovered {
  readonly shelf: Shelf;
  readonly owner: string | undefined;
  /** No file has this number or a higher one. */
  readonly nextNumber: number;
  readonly damages: readonly Damage[];
}

/** A file with a name of the spool's. */
interface SpoolFileName {
  readonly name: string;
  readonly number: number;
}

/** Files that are no segments, with the reason. */
interface Bad extends SpoolFileName {
  readonly bytes: number;
  readonly reason: string;
}

/**
 * Reads what an earlier run has left at `path`. Nothing on disk is changed before all of it is known to be this client's and of this
 * version. Rejects with `spool-of-another`, `spool-newer`, or `folder-unwritable` where it cannot be read or mended.
 */
export async function recoverSpool(folder: SpoolFolder, path: string, owner: string | undefined): Promise<Recovered> {
  const files = parseNames(await folder.list().catch(unusable(path)));
  const recovery = new Recovery(folder, path, owner);
  for (const file of files.segments) await recovery.read(file);
  const damages = await recovery.mend(files.setAside).catch(unusable(path));
  return { shelf: recovery.shelf, owner: recovery.owner, nextNumber: files.nextNumber, damages };
}

interface SpoolFileNames {
  readonly segments: readonly SpoolFileName[];
  readonly setAside: readonly SpoolFileName[];
  readonly nextNumber: number;
}

function parseNames(names: readonly string[]): SpoolFileNames {
  const files = names.flatMap((name) => {
    const parsed = parseSegmentName(name);
    return parsed === undefined ? [] : [{ name, ...parsed }];
  });
  files.sort((one, other) => one.number - other.number);
  return {
    segments: files.filter(({ damaged }) => !damaged),
    setAside: files.filter(({ damaged }) => damaged),
    nextNumber: (files.at(-1)?.number ?? 0) + 1,
  };
}

class Recovery {
  owner: string | undefined;
  readonly #folder: SpoolFolder;
  readonly #path: string;
  readonly #inventory = new Inventory();
  readonly #unreadable: Bad[] = [];
  readonly #empty: Bad[] = [];

  constructor(folder: SpoolFolder, path: string, owner: string | undefined) {
    this.#folder = folder;
    this.#path = path;
    this.owner = owner;
  }

  get shelf(): Shelf {
    return this.#inventory.shelf;
  }

  async read({ name, number }: SpoolFileName): Promise<void> {
    let bytes: Buffer;
    try {
      bytes = await this.#folder.read(name, segmentFileBytesMax);
    } catch (error) {
      const code = systemErrorCode(error);
      // Without a code it is not the system's: the file is no segment.
      if (code !== undefined && code !== 'EIO') throw unusableError(`${this.#path}/${name}`, error);
      this.#unreadable.push({ name, number, bytes: 0, reason: reasonOf(error) });
      return;
    }
    const found = readHeader(bytes, number);
    switch (found.type) {
      case 'torn':
        this.#empty.push({ name, number, bytes: bytes.length, reason: 'cut off within its header' });
        return;
      case 'damaged':
        this.#unreadable.push({ name, number, bytes: bytes.length, reason: found.reason });
        return;
      case 'newer':
        throw new CodedError('spool-newer', newerText(`${this.#path}/${name}`, this.#path, found.version));
      case 'header': {
        const { owner } = found.header;
        this.owner ??= owner;
        if (owner !== this.owner)
          throw new CodedError('spool-of-another', anotherText(`${this.#path}/${name}`, this.#path));
        const seed = seedOf(found.header);
        this.#inventory.read(newSegment({ number, seed, recordsAt: found.end, bytes: bytes.length }), bytes);
      }
    }
  }

  /** Sets aside what cannot be read, cuts what was torn off, deletes what holds nothing. Says all of it but the last. */
  async mend(setAside: readonly SpoolFileName[]): Promise<readonly Damage[]> {
    const damages: Damage[] = [];
    for (const bad of this.#unreadable) {
      await this.#folder.rename(bad.name, `${bad.name}.damaged`);
      damages.push(damageOf({ ...bad, reason: `${bad.reason}; it is kept as ${bad.name}.damaged` }));
    }
    const surplus = Math.max(0, setAside.length + this.#unreadable.length - setAsideMax);
    for (const { name, number } of setAside.slice(0, surplus)) {
      await this.#folder.remove(name);
      damages.push(damageOf({ name, number, bytes: 0, reason: `deleted, since ${setAsideMax} others are kept` }));
    }
    for (const bad of this.#empty) {
      await this.#folder.remove(bad.name);
      if (bad.bytes > 0) damages.push(damageOf(bad));
    }
    const { found } = this.#inventory;
    for (const each of found) {
      const torn = each === found.at(-1) ? each.tornBytes : 0;
      if (torn > 0) await this.#cut(each, torn);
      if (each.damagedBytes > 0) damages.push(damageFound(each));
    }
    for (const { segment } of found) {
      // The youngest says what was answered of the others.
      const isNeeded = segment === found.at(-1)?.segment && this.shelf.count > 0;
      if (segment.held.count > 0 || isNeeded) continue;
      await this.#folder.remove(segment.name);
      this.shelf.remove(segment);
    }
    return damages;
  }

  /** The client may write on behind what is left. */
  async #cut({ segment }: Found, bytes: number): Promise<void> {
    const file = await this.#folder.open(segment.name);
    try {
      await file.truncate(segment.bytes - bytes);
    } finally {
      await file.close();
    }
    this.shelf.grow(segment, -bytes);
  }
}

function damageOf({ name, bytes, reason }: Bad): Damage {
  return { file: name, bytes, count: 0, fromMs: 0, toMs: 0, reason };
}

function damageFound({ segment, damagedBytes, tornBytes, missing, missingFromMs, missingToMs }: Found): Damage {
  const reason = tornBytes === damagedBytes ? 'its end was torn off' : 'wrong checksums';
  const { count } = missing;
  return { file: segment.name, bytes: damagedBytes, count, fromMs: missingFromMs, toMs: missingToMs, reason };
}

function newerText(file: string, folder: string, version: number): string {
  return `${file} is of form ${version}, which a newer telemetry-client wrote; start that one, or move ${folder} away and its readings are not sent`;
}

function anotherText(file: string, folder: string): string {
  return `${file} holds readings of another client; move ${folder} to where they belong, or, if they are this one's, delete spool-owner beside it`;
}
