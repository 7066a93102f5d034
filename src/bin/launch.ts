import { homedir, hostname } from 'node:os';
import { CodedError } from '../core/coded-error.ts';
import { programVersion } from '../app/program-version.ts';
import type { Surface } from '../app/surface.ts';
import type { Surroundings } from '../config/machine.ts';

/**
 * Runs one of the programs: gives it what it may know of this process, turns signals into a request to leave - a second one ends it at
 * once - and its outcome into an exit code.
 */
export async function launch(run: (surroundings: Surroundings, surface: Surface) => Promise<number>): Promise<void> {
  const leave = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (leave.signal.aborted) process.exit(1);
      leave.abort();
    });
  }
  const version = programVersion();
  const surroundings: Surroundings = {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    euid: process.geteuid?.(),
    homedir: homedir(),
    hostname: hostname(),
    version,
  };
  const surface: Surface = {
    stdout: process.stdout,
    complain: (text) => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
    env: process.env,
    platform: process.platform,
    version,
    usage,
    signal: leave.signal,
    onReload,
  };
  try {
    process.exitCode = await run(surroundings, surface);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    surface.complain(error.message);
    process.exitCode = error.exitCode;
  }
  // What is still open - a connection that does not end, a mount that hangs - must not hold up the end.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit();
}

/** Node.js ends on the signal as long as nothing listens. On Windows it means that the window closes, never that somebody wants something. */
function onReload(listener: () => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}

function usage(): { readonly residentBytes: number; readonly cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1_000_000 };
}
