import type { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../../core/coded-error.ts';
import type { GapRecord } from '../../core/gap.ts';
import { limits } from '../../core/limits.ts';
import { Compactor, type CompactorOptions, type CompactStep } from './chunks/compactor.ts';
import { openForReading } from './database.ts';
import { eventIn } from './event-record.ts';
import { storeFault } from './faults.ts';
import { gapsIn } from './gap-record.ts';
import type { Asked, FoundEvents, Page } from './messages.ts';
import { Damaged } from './queries/damaged.ts';
import { connectReader, type ReaderConnection } from './queries/reader-connection.ts';
import { readingParts } from './queries/reading-parts.ts';
import { stepParts } from './queries/step-parts.ts';

/** Readings of a page: what the thread that asked takes over in a millisecond. */
const pageMax = 256;

export interface ReaderOptions extends CompactorOptions {
  readonly folder: string;
  /** Changed with every reply (serve.ts). */
  readonly wakeCell?: Int32Array | undefined;
  /** Opens the database; a test gives one that is on no disk. */
  readonly open?: (folder: string) => DatabaseSync;
}

/** A query that is being answered, a page after another. */
interface OpenQuery {
  readonly damaged: Damaged;
  damagedTold: number;
  readonly pages: Iterator<Pick<Page, 'readings' | 'steps'>, void, undefined>;
}

/**
 * Reads the store over a connection of its own, and holds no transaction between two pages: a query that is read slowly keeps nothing from being written back, moved or
 * dropped.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #queries = new Map<number, OpenQuery>();
  #connection: ReaderConnection | undefined;
  #compactor: Compactor | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** The next page of a query; `asked` where it is the first. */
  page(number: number, asked: Asked | undefined): Page {
    return this.#attempt((connection) => {
      const query = asked === undefined ? this.#queries.get(number) : open(asked, connection);
      if (query === undefined) throw cutOff(this.#options.folder);
      const { value, done } = query.pages.next();
      const page = { ...(value ?? noPage), isLast: done === true, damaged: query.damaged.count - query.damagedTold };
      query.damagedTold = query.damaged.count;
      if (page.isLast) this.#queries.delete(number);
      else this.#queries.set(number, query);
      return page;
    });
  }

  endQuery(number: number): void {
    this.#queries.delete(number);
  }

  /** A step of the background work; `begins`: what was under way is forgotten. */
  compact({
    nowMs,
    all,
    begins,
  }: {
    readonly nowMs: number;
    readonly all: boolean;
    readonly begins: boolean;
  }): CompactStep {
    return this.#attempt(({ statements }) => {
      this.#compactor ??= new Compactor(statements, this.#options);
      if (begins) this.#compactor.reset();
      return this.#compactor.step(nowMs, all);
    });
  }

  /** The gaps of a unit that touch this time; one whose record is damaged is left out. */
  gaps(asked: { readonly clientId: string; readonly fromMs: number; readonly toMs: number }): readonly GapRecord[] {
    return this.#attempt(({ statements }) => gapsIn(statements.gaps.all(asked.clientId, asked.toMs, asked.fromMs)));
  }

  /** What happened to a unit in this time, oldest first, of as much as is kept. */
  events(asked: { readonly clientId: string; readonly fromMs: number; readonly toMs: number }): FoundEvents {
    return this.#attempt(({ statements }) => {
      const { clientId, fromMs, toMs } = asked;
      const rows = statements.events.all(clientId, limits.eventsAUnitMax, fromMs, toMs);
      const events = rows.flatMap((row) => eventIn(row) ?? []);
      return { events, damaged: rows.length - events.length };
    });
  }

  close(): void {
    this.#connection?.database.close();
    this.#connection = undefined;
    this.#compactor = undefined;
    this.#queries.clear();
  }

  #attempt<Result>(task: (connection: ReaderConnection) => Result): Result {
    const { folder, open: openDatabase = openForReading } = this.#options;
    try {
      this.#connection ??= connectReader(openDatabase(folder));
      return task(this.#connection);
    } catch (error) {
      this.close();
      throw storeFault(error, folder);
    }
  }
}

const noPage = { readings: [], steps: undefined };

function open(asked: Asked, connection: ReaderConnection): OpenQuery {
  const damaged = new Damaged();
  return { damaged, damagedTold: 0, pages: pagesOf(asked, connection, damaged) };
}

/** A page may be empty. */
function* pagesOf(
  asked: Asked,
  connection: ReaderConnection,
  damaged: Damaged,
): Generator<Pick<Page, 'readings' | 'steps'>, void, undefined> {
  if (asked.type === 'steps') {
    for (const steps of stepParts(asked.query, connection, damaged)) yield { readings: [], steps };
    return;
  }
  for (const part of readingParts(asked.query, connection, damaged)) {
    for (let start = 0; start === 0 || start < part.length; start += pageMax) {
      yield { readings: part.slice(start, start + pageMax), steps: undefined };
    }
  }
}

/** The connection failed since, for somebody else. */
function cutOff(folder: string): CodedError {
  return new CodedError(
    'store-unavailable',
    `${folder}: the store could not be read in the midst of a query; ask again`,
  );
}
