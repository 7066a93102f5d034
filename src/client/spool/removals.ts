import type { Log } from '../../core/log.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { SpoolFolder } from './folder.ts';
import type { Segment, Shelf } from './shelf.ts';

/** Takes files of segments out of the spool while other things go on. One that stays is found at the next start, and gone through again. */
export class Removals {
  readonly #folder: SpoolFolder;
  readonly #log: Log;
  readonly #shelf: Shelf;
  readonly #running = new Set<Promise<void>>();

  constructor({ folder, log, shelf }: { readonly folder: SpoolFolder; readonly log: Log; readonly shelf: Shelf }) {
    this.#folder = folder;
    this.#log = log;
    this.#shelf = shelf;
  }

  /** Deletes the segments of which nothing is held, but for the one that is written to. */
  tidy(written: Segment | undefined): void {
    for (const segment of this.#shelf.segments.filter(({ held }) => held.count === 0)) {
      if (segment !== written) this.remove(segment);
    }
  }

  /** Deletes the segment's file; one that could not be read is set aside. */
  remove(segment: Segment): void {
    const { name, unreadable } = segment;
    this.#shelf.remove(segment);
    const gone = unreadable ? this.#folder.rename(name, `${name}.damaged`) : this.#folder.remove(name);
    const running: Promise<void> = gone.then(
      () => {
        this.#running.delete(running);
      },
      (error: unknown) => {
        this.#running.delete(running);
        this.#log('warn', 'spool-failed', { file: name, reason: reasonOf(error) });
      },
    );
    this.#running.add(running);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}
