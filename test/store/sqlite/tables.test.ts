import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Writer } from '../../../src/store/sqlite/writer.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a store whose tables are not as they were made is damaged, and not a fault of the program', () => {
  const options = { folder, retentionMs: {}, budgetBytes: undefined };
  const writer = new Writer(options);
  writer.open();
  writer.close();
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { defensive: false });
  database.exec(`PRAGMA writable_schema = on;
    UPDATE sqlite_schema SET sql = replace(sql, 'checksum', 'chEcksun') WHERE name = 'blocks'`);
  database.close();
  expect(() => {
    new Writer(options).open();
  }).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
});
