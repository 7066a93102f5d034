import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runClient } from '../../src/app/client.ts';
import { parseClientCommandLine } from '../../src/config/command-line.ts';
import { LogReader, surroundings } from '../app/in-process.ts';

const root = new URL('../fixtures/intel-desktop', import.meta.url).pathname;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-attacked-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The real client in this process, until it is stopped or the test is over. */
export interface AttackedClient {
  readonly log: LogReader;
  stop(): Promise<void>;
}

export async function startAttackedClient(stateDir: string, flags: readonly string[]): Promise<AttackedClient> {
  const log = new LogReader();
  const own = ['--state-dir', stateDir, '--root', root, '--log-format', 'json', '--log-level', 'debug'];
  const command = await parseClientCommandLine(surroundings([...own, ...flags]));
  if (command.type !== 'run') throw new Error('the flags ask for no run');
  const leave = new AbortController();
  const ended = runClient(command.config, command.warnings, {
    stdout: log,
    complain: (text) => {
      throw new Error(text);
    },
    env: {},
    platform: 'linux',
    version: '0',
    signal: leave.signal,
    onReload: () => () => undefined,
    usage: () => ({ residentBytes: 0, cpuSeconds: 0 }),
  });
  const stop = async (): Promise<void> => {
    leave.abort();
    await ended;
  };
  onTestFinished(stop);
  return { log, stop };
}
