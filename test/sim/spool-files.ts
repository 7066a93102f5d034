import { systemError } from '../client/spool/folder-in-memory.ts';
import type { Random } from './random.ts';
import { SimulatedFile } from './spool-file.ts';
import { labelsOnDisk, parseSegment } from './spool-records.ts';

type Names = Map<string, SimulatedFile>;

const segmentForm = /\.spool$/;

/** The files of a folder as programs see them, and as a loss of power leaves them. */
export class SpoolFiles {
  #names: Names = new Map();
  /** As they are on the disk, and what was done since: each one makes, renames or deletes. */
  #syncedNames: Names = new Map();
  #changes: ((names: Names) => void)[] = [];
  /** What lies about on the disk: the file that was deleted last. */
  #stale: Buffer = Buffer.alloc(0);

  get names(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** Bytes of all segments but some. */
  bytesBut(others: ReadonlySet<string>): number {
    const names = this.#segments().filter((name) => !others.has(name));
    return names.reduce((sum, name) => sum + this.file(name).bytes.length, 0);
  }

  file(name: string): SimulatedFile {
    const file = this.#names.get(name);
    if (file === undefined) throw systemError('ENOENT');
    return file;
  }

  create(name: string): SimulatedFile {
    if (this.#names.has(name)) throw systemError('EEXIST');
    const file = new SimulatedFile();
    this.#change((names) => names.set(name, file));
    return file;
  }

  rename(name: string, newName: string): void {
    const file = this.file(name);
    this.#change((names) => {
      names.delete(name);
      names.set(newName, file);
    });
  }

  remove(name: string): void {
    this.#stale = this.file(name).bytes;
    this.#change((names) => names.delete(name));
  }

  syncNames(): void {
    this.#syncedNames = new Map(this.#names);
    this.#changes = [];
  }

  /** As the system does by itself. */
  syncAll(): void {
    this.syncNames();
    for (const file of this.#names.values()) file.sync();
  }

  /** What was not synced is gone, but for some of it: of the names the first changes, of each file what it makes of it. */
  losePower(random: Random): void {
    const kept = random.integer(0, this.#changes.length);
    for (const change of this.#changes.slice(0, kept)) change(this.#syncedNames);
    for (const file of this.#syncedNames.values()) file.losePower(random, this.#stale);
    this.#names = new Map(this.#syncedNames);
    this.#changes = [];
  }

  /** Labels of all readings that are in its segments, but for one. */
  labels(but?: string): Set<string> {
    return new Set(this.#segments().flatMap((name) => (name === but ? [] : this.labelsIn(name))));
  }

  /** The labels in each of its segments. */
  copies(): Map<string, ReadonlySet<string>> {
    return new Map(this.#segments().map((name) => [name, new Set(this.labelsIn(name))]));
  }

  labelsIn(name: string): readonly string[] {
    const file = this.#names.get(name);
    return file === undefined ? [] : labelsOnDisk(name, file.bytes);
  }

  /** A bit of a segment turns over; answers which readings cannot be read any more, and what they may be at most. */
  rot(random: Random): { readonly lost: readonly string[]; readonly hit: ReadonlySet<string> } {
    const names = this.#segments().filter((name) => this.file(name).bytes.length > 0);
    if (names.length === 0) return { lost: [], hit: new Set() };
    const name = random.pick(names);
    const file = this.file(name);
    const { records } = parseSegment(name, file.bytes);
    const before = records.flatMap(({ labels }) => labels);
    const at = random.integer(0, file.bytes.length - 1);
    file.flip(at, random.integer(0, 7));
    // With the second copy of a header that was hit before goes all that is behind it.
    const { headless } = parseSegment(name, file.bytes);
    const hit = new Set(headless ? before : records.find(({ from, to }) => from <= at && at < to)?.labels);
    const left = this.labels();
    return { lost: before.filter((label) => !left.has(label)), hit };
  }

  copy(): SpoolFiles {
    const copy = new SpoolFiles();
    for (const [name, { bytes }] of this.#names) {
      const file = copy.create(name);
      file.append(bytes);
    }
    copy.syncAll();
    return copy;
  }

  #change(change: (names: Names) => unknown): void {
    change(this.#names);
    this.#changes.push(change);
  }

  #segments(): readonly string[] {
    return this.names.filter((name) => segmentForm.test(name));
  }
}
