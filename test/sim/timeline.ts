interface Entry {
  readonly atMs: number;
  /** Of entries for the same moment the one that was made first comes first. */
  readonly order: number;
  task: (() => void) | undefined;
}

/** Time that passes only from one event to the next. Between two events every promise that can go on does. */
export class Timeline {
  #nowMs = 0;
  #orders = 0;
  #events = 0;
  /** A binary heap, the next entry on top. */
  readonly #heap: Entry[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  get events(): number {
    return this.#events;
  }

  /** Lets `task` happen in `delayMs`; the result cancels it. */
  after(delayMs: number, task: () => void): () => void {
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#orders, task };
    this.#orders += 1;
    this.#push(entry);
    return () => {
      entry.task = undefined;
    };
  }

  /** Lets time pass to `untilMs`, or until `enough`, which is asked after each event. */
  async run(untilMs: number, enough: () => boolean): Promise<void> {
    // Only in a continuation does a tick come after all other continuations.
    await settled();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      this.#nowMs = next.atMs;
      const { task } = next;
      if (task === undefined) continue;
      this.#events += 1;
      task();
      await settled();
      if (enough()) return;
    }
    this.#nowMs = untilMs;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      let child = left;
      if (right !== undefined && isBefore(right, left)) {
        below += 1;
        child = right;
      }
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Resolves when no promise that is settled has a continuation left: Node.js takes the next tick only then. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
