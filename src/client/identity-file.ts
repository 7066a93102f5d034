import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../core/system-error.ts';

/** What a machine was called by its server, kept over restarts so that it stays the same unit. */
export interface IdentityFile {
  /** The `client_id` of the last registration; undefined where there is none that can be read. */
  read(): string | undefined;
  write(clientId: string): void;
}

/** The file `identity.json` in `folder`, readable for its user alone; replaced as a whole, so that a crash leaves the old or the new. */
export function identityFile(folder: string): IdentityFile {
  const path = join(folder, 'identity.json');
  let known: string | undefined;
  return {
    read() {
      known = clientIdIn(path);
      return known;
    },
    write(clientId) {
      if (clientId === known) return;
      known = clientId;
      const partial = `${path}.partial`;
      writeFileSync(partial, `${JSON.stringify({ client_id: clientId })}\n`, { mode: 0o600 });
      renameSync(partial, path);
    },
  };
}

function clientIdIn(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { client_id: clientId } = JSON.parse(text) as { client_id?: unknown };
    return typeof clientId === 'string' ? clientId : undefined;
  } catch {
    // A damaged file costs the identity, which the server gives anew, and not the start.
    return undefined;
  }
}
