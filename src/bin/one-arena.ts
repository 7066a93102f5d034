/** What glibc's malloc reads at a program's start alone: one arena for all threads, and what is free at its end goes back from a MiB on. */
const arenaSettings = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '1048576' };

/**
 * Has this process run the program once more, from its beginning and with these settings: each thread's own arena keeps some MiB that nobody
 * uses (docs/benchmarks.md). Returns where somebody has chosen for himself, where a parent talks to the process, and where it cannot be done.
 */
export function takeOneArena(): void {
  const { env, execPath, execArgv, argv } = process;
  const isChosen = Object.keys(arenaSettings).some((name) => env[name] !== undefined);
  if (process.platform !== 'linux' || isChosen || process.send !== undefined) return;
  try {
    process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, ...arenaSettings });
  } catch {
    // It runs as it is.
  }
}
