#!/usr/bin/env node
import { homedir, hostname, userInfo } from 'node:os';
import type { Terminal } from '../app/ctl/terminal.ts';
import { checkNodeVersion } from './node-version.ts';

// Before all else is imported: what the program needs does not load in an older Node.js.
checkNodeVersion('telemetryctl');
const { runTelemetryctl } = await import('../app/ctl/run-telemetryctl.ts');
const end = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // A second signal does not wait for anything.
    if (end.signal.aborted) process.exit(1);
    end.abort();
  });
}
process.exitCode = await runTelemetryctl({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  platform: process.platform,
  euid: process.geteuid?.(),
  homedir: homedir(),
  hostname: hostname(),
  userName,
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: end.signal,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns,
  terminal,
});

/** The whole of it, for `top`; undefined where standard input or output is none. */
function terminal(): Terminal | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onResize: (listener) => {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    keyboard: stdin,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return String(process.geteuid?.() ?? 'unknown');
  }
}
