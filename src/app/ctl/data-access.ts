import { accessSync, constants, existsSync } from 'node:fs';
import type { Access, Actor } from '../../access/contract.ts';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import { dataFolder, type StoreSurroundings } from './data-folder.ts';

export interface DataSurroundings extends StoreSurroundings {
  /** The system's user who runs telemetryctl. */
  readonly userName: () => string;
}

export interface DataAccess {
  readonly access: Access;
  /** The server's data folder. */
  readonly data: string;
  /** Who the audit log says it was. */
  readonly by: Actor;
}

export interface DataAccessOptions {
  /** As it was given. */
  readonly dataDir: string | undefined;
  /** An account may come before the first start of the server, whose folder is made for it then. */
  readonly makesFolder: boolean;
}

/**
 * Lends the accounts, API tokens and audit log in the server's data folder, whether the server runs or not. Rejects with CodedError `data-missing` where there is
 * no such folder, `data-not-allowed` where this user may not work in it, and with what `use` and openAccess throw.
 */
export async function withDataAccess<Result>(
  { dataDir, makesFolder }: DataAccessOptions,
  surroundings: DataSurroundings,
  use: (data: DataAccess) => Result | Promise<Result>,
): Promise<Result> {
  const data = dataFolder(dataDir, surroundings);
  if (!makesFolder || existsSync(data)) seeInto(data, surroundings);
  // Loaded only where it is asked for: it brings SQLite.
  const { openAccess } = await import('../../access/open-access.ts');
  const access = openAccess(data);
  try {
    return await use({ access, data, by: { who: whoOf(surroundings), from: 'console' } });
  } finally {
    access.close();
  }
}

function seeInto(data: string, { platform }: StoreSurroundings): void {
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const usual = platform === 'win32' ? '' : '; that of a service is /var/lib/telemetry/server';
      const message = `${data}: there is no such folder; give the one of the server's --data-dir${usual}`;
      throw new CodedError('data-missing', message, { cause });
    }
    const message = `${data}: this user may not work in it (${reasonOf(cause)}); run telemetryctl as the server's user or as root`;
    throw new CodedError('data-not-allowed', message, { cause });
  }
}

/** Of all who may become root, sudo knows which one it was; whoever is not root could have said so themselves. */
function whoOf({ env, euid, userName }: DataSurroundings): string {
  const who = `local:${userName()}`;
  const sudoer = env['SUDO_USER'];
  return euid === 0 && sudoer !== undefined && /^[\w.@-]{1,64}$/.test(sudoer) ? `${who} (sudo by ${sudoer})` : who;
}
