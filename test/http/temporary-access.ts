import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess, type AccessOptions } from '../../src/access/open-access.ts';
import type { Access, Actor } from '../../src/access/contract.ts';

export const password = 'a few words of hers';
export const byTest: Actor = { who: 'local:test', from: 'console' };

/** Accounts, tokens and audit log in a folder of their own, with cheap passwords. */
export function temporaryAccess(options: AccessOptions = {}): Access & Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-access-'));
  const access = openAccess(folder, { cost: { logN: 4, r: 8, p: 1 }, ...options });
  return Object.assign(access, {
    folder,
    [Symbol.dispose]: () => {
      access.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
