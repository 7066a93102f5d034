import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const world = fileURLToPath(new URL('full-disk-world.ts', import.meta.url));
/** The mount is that process's alone and ends with it. Whoever is not root becomes root of a user namespace, where that is allowed. */
const inNamespace = ['--mount', '--map-root-user'];
const mountAndRun = 'mount -t tmpfs -o size=32m none "$1" && exec "$3" "$4" "$1" "$2"';

test(
  'a server whose disk fills up under load stops acknowledging, says so, goes on when there is space, and has lost nothing',
  { timeout: 120_000 },
  (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'telemetry-full-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const mount = join(folder, 'mount');
    mkdirSync(mount);
    const allowed = spawnSync('unshare', [...inNamespace, 'mount', '-t', 'tmpfs', 'none', mount], { encoding: 'utf8' });
    if (allowed.status !== 0 && process.env['CI'] !== 'true') {
      context.skip(`no small file system can be mounted here: ${String(allowed.error ?? allowed.stderr)}`);
    }
    expect(allowed, 'this test mounts a small file system, which this machine does not allow').toMatchObject({
      status: 0,
    });
    const args = ['sh', '-c', mountAndRun, 'sh', mount, folder, process.execPath, world];
    const { stdout, stderr, status } = spawnSync('unshare', [...inNamespace, ...args], {
      encoding: 'utf8',
      timeout: 90_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const outcome = JSON.parse(stdout);
    expect(outcome.problems).toEqual([]);
    expect(outcome.whenFull).toBeGreaterThan(1_000);
    expect(outcome.reason).toContain('the disk is full');
    // It stays up, and each unit that comes back is told again.
    expect(outcome.survived).toBe(true);
    expect(outcome.refusals).toBeGreaterThan(100);
    expect(outcome.stillFull - outcome.whenFull).toBeLessThan(outcome.whenFull / 100);
    expect(outcome.acknowledged).toBeGreaterThan(outcome.stillFull + 1_000);
    expect(outcome.unanswered).toBe(0);
    expect(outcome.exitCode).toBe(0);
  },
);
