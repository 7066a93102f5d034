import { posix, win32 } from 'node:path';
import type { Machine } from './machine.ts';

/**
 * Where a daemon keeps its state unless it is told: `/var/lib/telemetry/…` for root, below `$XDG_STATE_HOME` for others (XDG Base
 * Directory Specification: an unset or relative one means `~/.local/state`), below `%ProgramData%` on Windows.
 */
export function stateFolder(part: 'server' | 'client', { platform, env, euid, homedir }: Machine): string {
  if (platform === 'win32') {
    return win32.join(env['ProgramData'] ?? env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'Telemetry', part);
  }
  if (euid === 0) return `/var/lib/telemetry/${part}`;
  const state = env['XDG_STATE_HOME'] ?? '';
  return posix.join(posix.isAbsolute(state) ? state : posix.join(homedir, '.local', 'state'), 'telemetry', part);
}
