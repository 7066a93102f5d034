/**
 * Has this process run the program once more, from its beginning, with one malloc arena: each thread's own keeps some MiB that nobody uses
 * (docs/benchmarks.md), and glibc reads how many there are to be at a program's start alone. Returns where somebody has chosen for himself, where a parent
 * talks to the process, and where it cannot be done.
 */
export function takeOneArena(): void {
  const { env, execPath, execArgv, argv } = process;
  if (process.platform !== 'linux' || env['MALLOC_ARENA_MAX'] !== undefined || process.send !== undefined) return;
  try {
    process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, MALLOC_ARENA_MAX: '1' });
  } catch {
    // It runs as it is.
  }
}
