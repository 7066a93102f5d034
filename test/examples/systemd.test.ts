import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDaemon } from '../program.ts';
import { exampleText } from './example-file.ts';

const units = [
  { name: 'telemetry-server' as const, environment: {} },
  { name: 'telemetry-client' as const, environment: { TELEMETRY_SERVER: 'telemetry.example.org' } },
];
/** Settings that systemd before 254 does not know; it says so and goes on. */
const newer = /Unknown key(?: name)? 'Restart(?:Steps|MaxDelaySec)' in section/;
/** systemd-analyze counts from 0 (safe) to 10; services without any settings get 9.6. */
const exposureMax = 1.5;
// In CI it is installed; a test that was left out there would be green for nothing.
const hasSystemd = process.env['CI'] === 'true' || spawnSync('systemd-analyze', ['--version']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-units-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy with a program that is installed here in the place of ours: systemd-analyze wants to see the file. */
function installable(name: string): string {
  const text = exampleText(`systemd/${name}.service`);
  const copy = join(folder, `${name}.service`);
  writeFileSync(copy, text.replace(`\nExecStart=${name} `, `\nExecStart=${process.execPath} `));
  return copy;
}

/** The assignments of a unit in order, without comments. */
function settings(name: string): readonly string[] {
  return exampleText(`systemd/${name}.service`)
    .split('\n')
    .filter((line) => line.includes('=') && !line.startsWith('#'));
}

describe.each(units)('the systemd unit of $name', ({ name, environment }) => {
  test.runIf(hasSystemd)('systemd finds nothing wrong with it', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', installable(name)], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line !== '' && !newer.test(line))).toEqual([]);
    expect(status).toBe(0);
  });

  test.runIf(hasSystemd)(`systemd rates its exposure at ${exposureMax} of 10 at most`, () => {
    const threshold = `--threshold=${exposureMax * 10}`;
    const args = ['security', '--offline=true', '--no-pager', threshold, installable(name)];
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect(status, stdout).toBe(0);
  });

  test('its command line is one that the program takes', async () => {
    const start = settings(name).find((line) => line.startsWith('ExecStart='));
    const words = start?.replace('ExecStart=', '').replaceAll('%S', '/var/lib').split(' ') ?? [];
    expect(words[0]).toBe(name);
    await using program = startDaemon(name, ['config', 'check', ...words.slice(1)], environment);
    expect(await program.ended, program.errors()).toEqual({ code: 0, signal: null });
  });

  test('it waits longer for the end than the program takes, restarts it after failures, and not after wrong usage', () => {
    const found = settings(name);
    expect(found).toEqual(expect.arrayContaining(['Restart=on-failure', 'RestartPreventExitStatus=2']));
    const stop = found.find((line) => line.startsWith('TimeoutStopSec='));
    expect(Number(stop?.split('=')[1])).toBeGreaterThan(25);
  });

  test('it leaves on what Node.js cannot do without', () => {
    expect(settings(name).join('\n')).not.toMatch(/MemoryDenyWriteExecute=(?:yes|true|on|1)/);
  });
});

test('the client’s unit hides neither file systems nor /proc and /sys from it', () => {
  const found = settings('telemetry-client');
  expect(found).toContain('ProtectHome=read-only');
  expect(found.join('\n')).not.toMatch(
    /ProcSubset=|InaccessiblePaths=|TemporaryFileSystem=|RootDirectory=|PrivateNetwork=/,
  );
});
