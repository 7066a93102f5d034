import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';

const memory = '/dev/shm';
/** `f_type` of statfs(2). */
const tmpfsType = 0x0102_1994;

export interface LogFolder extends AsyncDisposable {
  readonly path: string;
}

/** Where logs go that are not to count as written to disk: in memory where the machine has such a folder, else `folder`, and it is said. */
export function logFolder(folder: string, note: (sentence: string) => void): LogFolder {
  if (!existsSync(memory) || !isInMemory(memory)) {
    note(`${memory} is no folder in memory: what was written to disk has the log in it.`);
    return { path: folder, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const path = mkdtempSync(`${memory}/telemetry-bench-`);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function isInMemory(folder: string): boolean {
  return statfsSync(folder).type === tmpfsType;
}
