import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AccessOptions } from '../../src/access/open-access.ts';

export const by = { who: 'local:test', from: 'console' };
export const password = 'a few words of hers';
export const cheap: AccessOptions = { cost: { logN: 4, r: 8, p: 1 } };

export interface TemporaryFolder extends Disposable {
  readonly path: string;
  readonly file: string;
  /** What somebody does to the file who goes around the program. */
  tamper(statements: string): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'telemetry-access-'));
  const file = join(path, 'access.db');
  return {
    path,
    file,
    tamper(statements) {
      const database = new DatabaseSync(file);
      database.exec(statements);
      database.close();
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
