import type { Connection } from './connection.ts';

/**
 * Runs a task in a transaction of its own that need not be on the disk before the next batch is, and makes nobody wait for a sync. After a loss of power it may be as if
 * it had not been, and then so is all that was written after it.
 */
export function commitLightly<Result>(
  { database, statements }: Pick<Connection, 'database' | 'statements'>,
  task: () => Result,
): Result {
  database.exec('PRAGMA synchronous = NORMAL');
  statements.begin.run();
  const result = task();
  statements.commit.run();
  database.exec('PRAGMA synchronous = FULL');
  return result;
}
