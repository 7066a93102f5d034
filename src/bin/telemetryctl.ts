#!/usr/bin/env node
// Nothing is imported before this: what the program needs does not load in an older Node.js.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `telemetryctl needs Node.js 24 or later, and this is ${process.versions.node}; install it from https://nodejs.org, or put a newer one first in PATH.\n`,
  );
  process.exit(1);
}

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
  stdout: process.stdout,
  stderr: process.stderr,
  signal: end.signal,
  isTerminal: process.stdout.isTTY === true,
});

export {};
