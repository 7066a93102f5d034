import { readFileSync } from 'node:fs';

/** Files and sockets that this process may have open; undefined where the system does not tell (`/proc` is Linux). */
export function descriptorLimit(): number | undefined {
  try {
    return parseDescriptorLimit(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // Without it the limits of the configuration hold, and what cannot be opened fails by itself.
    return undefined;
  }
}

/** The soft limit of open files in the text of `/proc/PID/limits` (proc(5)); undefined where there is none. */
export function parseDescriptorLimit(text: string): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)\s/m.exec(text) ?? [];
  return soft === undefined ? undefined : Number(soft);
}
