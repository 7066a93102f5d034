import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/system-error.ts';

const ownerForm = /^[0-9a-f]{8}\n?$/;

/** The file `spool-owner` in the state folder: whose readings its spool holds. A client draws it at its first start. */
export function ownerFile(stateDir: string): {
  read(): Promise<string | undefined>;
  write(owner: string): Promise<void>;
} {
  const path = join(stateDir, 'spool-owner');
  return {
    async read() {
      try {
        const text = await readFile(path, 'utf8');
        // A damaged one is as good as none: the spool says whose it is.
        return ownerForm.test(text) ? text.trim() : undefined;
      } catch (error) {
        if (systemErrorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(owner) {
      const partial = `${path}.partial`;
      await writeFile(partial, `${owner}\n`, { mode: 0o600 });
      await rename(partial, path);
    },
  };
}
