import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openForWriting } from '../../../src/store/sqlite/database.ts';
import { connectReader } from '../../../src/store/sqlite/queries/reader-connection.ts';
import { prepareStatements } from '../../../src/store/sqlite/statements.ts';
import { textIn } from '../../../src/store/sqlite/row.ts';
import { temporaryFolder } from '../opened.ts';

/** All that the store ever asks its database. */
function statementsOf(database: DatabaseSync): readonly string[] {
  const texts: string[] = [];
  const prepare = database.prepare.bind(database);
  const listening = Object.assign(database, {
    prepare: (sql: string) => {
      texts.push(sql);
      return prepare(sql);
    },
  });
  prepareStatements(listening);
  connectReader(listening);
  Object.assign(database, { prepare });
  return texts;
}

function plansOf(database: DatabaseSync): readonly { readonly sql: string; readonly step: string }[] {
  return statementsOf(database)
    .filter((sql) => !/^(?:BEGIN|COMMIT|PRAGMA|INSERT)/.test(sql))
    .flatMap((sql) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => ({ sql, step: textIn(row, 'detail') })),
    );
}

/** Tables that grow with the readings. Looking through the index of small chunks is what that index is for. */
const large = /\bSCAN (?:blocks|chunks)\b(?! USING INDEX small_chunks)/;

test('no statement looks through all blocks or chunks', () => {
  const database = openForWriting(join(temporaryFolder(), 'store'));
  try {
    const plans = plansOf(database);
    expect(plans.length).toBeGreaterThan(40);
    expect(plans.filter(({ step }) => large.test(step))).toEqual([]);
    // To see chunks of a tier in the order of their age is not to find those of one series.
    const byAge = plans.filter(({ step }) => step.includes('chunks_by_age')).map(({ sql }) => sql);
    expect(byAge.filter((sql) => !sql.includes('ORDER BY stored_ms'))).toEqual([]);
  } finally {
    database.close();
  }
});
