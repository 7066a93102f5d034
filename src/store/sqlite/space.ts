import { pageBytes } from './database.ts';
import { integerIn } from './row.ts';
import type { Statements } from './statements.ts';

/** The log is written back when it has so many pages: seldom enough that pages which many commits change are written once. */
const logPagesMax = 4_096;
/** A commit changes at least the last page of the blocks, the first of the file, and the map of pages. */
const pagesACommit = 4;

/** How a budget is shared: so many bytes for the database, and so many pages of log before it is written back. */
export interface SpaceLimits {
  readonly databaseBytesMax: number;
  readonly logPagesMax: number;
}

/**
 * The log is part of the budget: an eighth of a small one. Twice as much again is set aside, since it may pass its limit by one batch and the end of a
 * segment. While a backup holds on to an older state it grows further.
 */
export function spaceLimits(budgetBytes: number | undefined): SpaceLimits {
  if (budgetBytes === undefined) return { databaseBytesMax: Number.POSITIVE_INFINITY, logPagesMax };
  const pages = Math.max(16, Math.min(logPagesMax, Math.floor(budgetBytes / pageBytes / 8)));
  return { databaseBytesMax: Math.max(0, budgetBytes - 3 * pages * pageBytes), logPagesMax: pages };
}

/** Pages that the commit of so many bytes adds to the log, about. */
export function logPagesOf(bytes: number): number {
  return pagesACommit + Math.ceil(bytes / pageBytes);
}

/** Bytes of the database that hold something. Free pages are used again before the file grows. */
export function bytesInUse({ pageCount, freePages }: Pick<Statements, 'pageCount' | 'freePages'>): number {
  return (integerIn(pageCount.get(), 'page_count') - integerIn(freePages.get(), 'freelist_count')) * pageBytes;
}

/** Bytes of the file that could be given back. */
export function bytesOfFile({ pageCount }: Pick<Statements, 'pageCount'>): number {
  return integerIn(pageCount.get(), 'page_count') * pageBytes;
}
