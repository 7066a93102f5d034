/** What became of the record of one key; undefined: there is none. */
export interface RecordChange<Kept> {
  readonly key: string;
  readonly record: Kept | undefined;
}

/** What `changed` does when a record is put in the place of another. */
export type Reindex<Kept> = (before: Kept | undefined, after: Kept | undefined) => void;

/**
 * Records that change in memory at once and are stored with the next commit. When a commit fails, memory goes back to what the store last said that it has, and the
 * next commit says so again: the one that failed may be on the disk all the same.
 */
export class KeptRecords<Kept> {
  readonly #records = new Map<string, Kept>();
  readonly #stored = new Map<string, Kept>();
  /** Keys of which the store may have something else than `#records`. */
  readonly #unstored = new Set<string>();
  readonly #reindex: Reindex<Kept>;

  constructor(reindex: Reindex<Kept>) {
    this.#reindex = reindex;
  }

  get size(): number {
    return this.#records.size;
  }

  get(key: string): Kept | undefined {
    return this.#records.get(key);
  }

  values(): Iterable<Kept> {
    return this.#records.values();
  }

  /** Takes up what the store has. */
  restore(key: string, record: Kept): void {
    this.#stored.set(key, record);
    this.#set(key, record);
  }

  /** Undefined: lets go of it. */
  put(key: string, record: Kept | undefined): void {
    this.#unstored.add(key);
    this.#set(key, record);
  }

  /** What the next commit is to store, each key once. */
  changes(): readonly RecordChange<Kept>[] {
    return [...this.#unstored].map((key) => ({ key, record: this.#records.get(key) }));
  }

  /** A commit has stored them; what has changed since is for the next one. */
  stored(changes: readonly RecordChange<Kept>[]): void {
    for (const { key, record } of changes) {
      if (record === undefined) this.#stored.delete(key);
      else this.#stored.set(key, record);
      if (this.#records.get(key) === record) this.#unstored.delete(key);
    }
  }

  /** A commit has failed, and all that waited behind it has too. */
  failed(): void {
    for (const key of this.#unstored) this.#set(key, this.#stored.get(key));
  }

  #set(key: string, record: Kept | undefined): void {
    const before = this.#records.get(key);
    if (record === undefined) this.#records.delete(key);
    else this.#records.set(key, record);
    this.#reindex(before, record);
  }
}
